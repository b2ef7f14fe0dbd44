import type { Lease } from '../../../src/client/index.ts';
import { icons } from './icons.tsx';
import { useNow } from './now.ts';
import { RelativeTime } from './RelativeTime.tsx';
import { Tooltip } from './Tooltip.tsx';
import styles from './LeaseCountdown.module.css';

/** How long the lease lasts. */
export function LeaseCountdown({ lease }: { lease: Lease }) {
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
