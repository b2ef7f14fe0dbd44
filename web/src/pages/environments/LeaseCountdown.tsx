import type { Lease } from '../../../../src/client/index.ts';
import { icons } from '../../components/icons.tsx';
import { useNow } from '../../components/now.ts';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { Tooltip } from '../../components/Tooltip.tsx';
import styles from './EnvironmentTable.module.css';

/** How long the lease lasts, and who changed it last. */
export function LeaseCountdown({ lease }: { lease: Lease }) {
  const { lastChange } = lease;
  return (
    <>
      <Countdown lease={lease} />
      {lastChange && (
        <span className={styles['changed']}>
          {' · '}
          {lastChange.kind} by {lastChange.by ?? 'a repeated request'}
        </span>
      )}
    </>
  );
}

function Countdown({ lease }: { lease: Lease }) {
  const isExpired = useNow(10_000) > Date.parse(lease.expiresAt);
  if (lease.protected)
    return (
      <Tooltip text={lease.reason ?? 'no reason given'}>
        <span className={styles['protected']}>{icons.lock} protected</span>
      </Tooltip>
    );
  if (!isExpired) return <RelativeTime time={lease.expiresAt} bare />;
  return (
    <span className={styles['expired']}>
      {lease.markedAt === null ? 'expired ' : 'teardown due, expired '}
      <RelativeTime time={lease.expiresAt} />
    </span>
  );
}
