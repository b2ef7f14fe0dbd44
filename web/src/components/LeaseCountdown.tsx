import type { Lease, LeaseChange } from '../../../src/client/index.ts';
import { exactTime } from './durationText.ts';
import { icons } from './icons.tsx';
import { useNow } from './now.ts';
import { shortName } from './shortName.ts';
import { RelativeTime } from './RelativeTime.tsx';
import { Tooltip } from './Tooltip.tsx';
import styles from './LeaseCountdown.module.css';

/** How long the lease lasts, and who changed it last. `short`: for a row of a table; the rest is in tooltips. */
export function LeaseCountdown({ lease, short = false }: { lease: Lease; short?: boolean }) {
  const { lastChange } = lease;
  return (
    <>
      <Countdown lease={lease} short={short} />
      {lastChange && <Change change={lastChange} short={short} />}
    </>
  );
}

function Change({ change: { kind, by, at }, short }: { change: LeaseChange; short: boolean }) {
  const sender = by ?? 'a repeated POST';
  return (
    <Tooltip text={`${kind} by ${sender}, ${exactTime(at)}`}>
      <span className={styles['changed']} data-short={short || undefined}>
        {' · '}
        <span className="visually-hidden">{kind} </span>by {short ? shortName(sender) : sender}
      </span>
    </Tooltip>
  );
}

function Countdown({ lease, short }: { lease: Lease; short: boolean }) {
  const isExpired = useNow(10_000) > Date.parse(lease.expiresAt);
  if (lease.protected)
    return (
      <Tooltip text={lease.reason ?? 'no reason given'}>
        <span className={styles['protected']}>{icons.lock} protected</span>
      </Tooltip>
    );
  if (!isExpired) return <RelativeTime time={lease.expiresAt} bare />;
  if (short && lease.markedAt !== null)
    return (
      <Tooltip text={`expired ${exactTime(lease.expiresAt)}`}>
        <span className={styles['expired']}>teardown due</span>
      </Tooltip>
    );
  return (
    <span className={styles['expired']}>
      {lease.markedAt === null ? 'expired ' : 'teardown due, expired '}
      <RelativeTime time={lease.expiresAt} rough={short} />
    </span>
  );
}
