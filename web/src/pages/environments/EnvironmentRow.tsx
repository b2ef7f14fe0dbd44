import { memo } from 'react';
import { Link } from 'wouter';
import type { ListedEnvironment } from '../../../../src/client/index.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { Gauge } from '../../components/Gauge.tsx';
import { Money } from '../../components/Money.tsx';
import { ProofMark } from '../../components/ProofMark.tsx';
import { shortName } from '../../components/shortName.ts';
import { StateMark } from '../../components/StateMark.tsx';
import { attentionOf } from './attention.ts';
import { LeaseCountdown } from '../../components/LeaseCountdown.tsx';
import styles from './EnvironmentTable.module.css';

const activeStates: readonly string[] = ['running', 'retrying', 'failed'];

/** One environment as a row; a failed or blocked one with its reason and remedy below. */
export const EnvironmentRow = memo(({ environment }: { environment: ListedEnvironment }) => {
  const { name, state, steps, owner, spec, lease, proof, costPerHour: cost } = environment;
  const attention = attentionOf(environment);
  const step = steps.find((one) => activeStates.includes(one.state));
  return (
    <>
      <div className={styles['row']} role="presentation">
        <div role="cell" className={styles['name']} title={name}>
          <Link href={`/environments/${name}`}>{name}</Link>
        </div>
        <div role="cell">
          <StateMark state={state} />
        </div>
        <div role="cell" className={styles['progress']}>
          <Gauge steps={steps} />
          {step && <span className={styles['step']}>{step.id}</span>}
        </div>
        <div role="cell" className={styles['cut']} title={owner}>
          {shortName(owner)}
        </div>
        <div role="cell" className={styles['cut']} title={spec?.location}>
          {spec?.location ?? '–'}
        </div>
        <div role="cell" className={styles['cut']} data-lease>
          {state === 'deleted' ? '–' : <LeaseCountdown lease={lease} short />}
        </div>
        <div role="cell">
          <ProofMark proof={proof} rough />
        </div>
        <div role="cell">
          {cost ? (
            <Money amount={cost.amount} currency={cost.currency} per="hour" pricesAt={cost.priceListDate} />
          ) : (
            '–'
          )}
        </div>
      </div>
      {attention && (
        <div role="cell" aria-colspan={8} className={styles['attention']}>
          <p>{attention.reason}</p>
          {attention.remedy && (
            <div className={styles['remedy']}>
              <p>
                <strong>Remedy:</strong>{' '}
                {attention.remedy.isCommand ? <code>{attention.remedy.text}</code> : attention.remedy.text}
              </p>
              <CopyButton text={attention.remedy.text} what="remedy" />
            </div>
          )}
        </div>
      )}
    </>
  );
});
