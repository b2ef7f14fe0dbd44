import { Link } from 'wouter';
import type { SweepSummary } from '../../../../src/client/index.ts';
import { icons } from '../../components/icons.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { countText, isApprovable } from './sweepText.ts';
import styles from './Sweeps.module.css';

/** The newest sweep that did its work or stopped, where it stopped and nobody has approved it. */
function waitingSweep(sweeps: readonly SweepSummary[]): SweepSummary | undefined {
  const last = sweeps.find(({ state, dryRun }) => !dryRun && (state === 'completed' || state === 'stopped'));
  const isApproved = sweeps.some(({ approvedSweepId }) => approvedSweepId === last?.id);
  return last && isApprovable(last) && !isApproved ? last : undefined;
}

/** Says that the last sweep stopped, and leads to it. */
export function WaitingForApproval({ sweeps }: { sweeps: readonly SweepSummary[] }) {
  const sweep = waitingSweep(sweeps);
  if (!sweep) return null;
  return (
    <p className={styles['waiting']}>
      {icons.pause}
      <span>
        The last sweep stopped <RelativeTime time={sweep.startedAt} />: {countText(sweep.counts.due)} due, nothing was
        deleted. <Link href={`/sweeps/${sweep.id}`}>Examine and approve</Link>
      </span>
    </p>
  );
}
