import type { Repair } from '../../../../../src/client/index.ts';
import { RelativeTime } from '../../../components/RelativeTime.tsx';
import { ResourceName } from '../runs/ResourceName.tsx';
import styles from './ProofTab.module.css';

/** What a run has closed again, and who had opened it. */
export function Repairs({ repairs }: { repairs: readonly Repair[] }) {
  if (repairs.length === 0) return null;
  return (
    <section aria-labelledby="repairs">
      <h2 id="repairs">Closed again by this run</h2>
      <ul className={styles['list']}>
        {repairs.map((repair) => (
          <RepairItem key={repair.check + repair.resource} {...repair} />
        ))}
      </ul>
    </section>
  );
}

function RepairItem({ check, resource, action, changedBy, reason, at }: Repair) {
  return (
    <li>
      <strong>{check}</strong>: <ResourceName id={resource} /> {action === 'written' ? 'written as planned' : 'deleted'}{' '}
      <RelativeTime time={at} />;{' '}
      {changedBy ? (
        <>
          it had been changed by {changedBy.caller} <RelativeTime time={changedBy.at} /> (
          <code>{changedBy.operation}</code>)
        </>
      ) : (
        `who had changed it is not known: ${reason ?? 'no reason given'}`
      )}
    </li>
  );
}
