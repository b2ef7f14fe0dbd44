import type { Sweep } from '../../../../src/client/index.ts';
import { Duration } from '../../components/Duration.tsx';
import { countText } from './sweepText.ts';
import styles from './Sweeps.module.css';

/** What a sweep that has not ended is doing. */
export function SweepProgress({ sweep: { startedAt, dryRun, ownedCount, counts } }: { sweep: Sweep }) {
  const actions = counts.recover + counts.repair + counts.mark + counts.tearDown;
  const doing =
    ownedCount === 0
      ? 'Reading the tags of all resource groups, and the leases of their environments'
      : dryRun
        ? `Writing down what a sweep would do with ${countText(ownedCount)}`
        : `Requesting ${actions.toLocaleString()} changes of ${countText(ownedCount)} from their workflows`;
  return (
    <p className={styles['progress']}>
      <span role="status">{doing}.</span>{' '}
      <span>
        Since <Duration from={startedAt} to={null} />.
      </span>
    </p>
  );
}
