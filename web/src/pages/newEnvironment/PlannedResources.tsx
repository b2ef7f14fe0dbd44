import type { Plan, PlannedAction } from '../../../../src/client/index.ts';
import { icons } from '../../components/icons.tsx';
import { Money } from '../../components/Money.tsx';
import { countsText } from './planTexts.ts';
import styles from './Plan.module.css';

const actionIcons: Record<PlannedAction['action'], keyof typeof icons> = {
  create: 'plus',
  change: 'retry',
  adopt: 'check',
  use: 'check',
};

/** The resources of each step, with what is done about each and what it costs. */
export function PlannedResources({ plan: { steps, resources, cost } }: { plan: Plan }) {
  return (
    <section className={styles['section']}>
      <h3>Resources by step</h3>
      {steps.map(({ id, title }) => {
        const ofStep = resources.filter(({ step }) => step === id);
        return ofStep.length === 0 ? null : (
          <details key={id} className={styles['step']}>
            <summary>
              <span>{title}</span>
              <span className={styles['quiet']}>{countsText(ofStep)}</span>
            </summary>
            <ul>
              {ofStep.map((resource) => (
                <ResourceRow key={resource.id} resource={resource} prices={cost} />
              ))}
            </ul>
          </details>
        );
      })}
    </section>
  );
}

function ResourceRow({ resource, prices }: { resource: PlannedAction; prices: Plan['cost'] }) {
  const { action, title, name, cost } = resource;
  return (
    <li className={styles['resource']} data-action={action}>
      {icons[actionIcons[action]]}
      <span className={styles['name']}>
        <span className="visually-hidden">{action} </span>
        {title} <code>{name}</code>
        {cost.perHour === null && <span className={`${styles['quiet']} ${styles['reason']}`}>{cost.reason}</span>}
      </span>
      <span className={styles['quiet']}>
        <Price perHour={cost.perHour} prices={prices} />
      </span>
    </li>
  );
}

function Price({ perHour, prices }: { perHour: number | null; prices: Plan['cost'] }) {
  if (perHour === null) return 'no price';
  if (perHour === 0) return 'free';
  return <Money amount={perHour} currency={prices.currency} per="hour" pricesAt={prices.priceList.date} />;
}
