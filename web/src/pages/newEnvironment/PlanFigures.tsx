import type { Plan } from '../../../../src/client/index.ts';
import { Money } from '../../components/Money.tsx';
import { countsText, rangeText } from './planTexts.ts';
import styles from './Plan.module.css';

/** Cost, duration and number of resources, and what the methods of isolation cost and take. */
export function PlanFigures({ plan: { cost, duration, resources, methods } }: { plan: Plan }) {
  const { currency, perHour, unpriced, priceList } = cost;
  return (
    <dl className={styles['figures']}>
      <div>
        <dt>Cost</dt>
        <dd>
          <strong>
            <Money amount={perHour} currency={currency} per="hour" />
          </strong>
          <span className={styles['quiet']}>
            {currency}, prices of {priceList.date} in {priceList.region}
            {unpriced > 0 && `; ${unpriced} more charged by use or without a price`}
          </span>
        </dd>
      </div>
      <div>
        <dt>Usual duration</dt>
        <dd>
          <strong>{rangeText(duration)}</strong>
          <span className={styles['quiet']}>
            {duration.source === 'history' ? `by ${duration.runs} runs of this installation` : 'an estimate'}
          </span>
        </dd>
      </div>
      <div>
        <dt>Resources</dt>
        <dd>
          <strong>{resources.length}</strong>
          <span className={styles['quiet']}>{countsText(resources)}</span>
        </dd>
      </div>
      {methods.length > 0 && (
        <div>
          <dt>By method</dt>
          {methods.map(({ isolation, perHour: amount, ...range }) => (
            <dd key={isolation}>
              <span>{methodNames[isolation]}</span>
              <span className={styles['quiet']}>
                <Money amount={amount} currency={currency} per="hour" />
                {`, ${rangeText(range)} (estimates of a new environment)`}
              </span>
            </dd>
          ))}
        </div>
      )}
    </dl>
  );
}

const methodNames: Record<Plan['methods'][number]['isolation'], string> = {
  privateEndpoints: 'Private endpoints',
  managedNetwork: 'Managed network',
};
