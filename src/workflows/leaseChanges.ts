import type { Lease } from '../domain/environment.ts';
import { expiresAfter, leaseTags } from '../domain/lease.ts';
import { ignoreTagFailure } from './environmentStore.ts';
import type { EnvironmentStore } from './environmentStore.ts';

/** Changes to an environment's lease, one after the other: the tags first, then the state. */
export function createLeaseChanges({ record, tag, show }: EnvironmentStore) {
  let last: Promise<unknown> = Promise.resolve();

  function change(next: () => Partial<Lease>): Promise<Lease> {
    const changed = last.then(async () => {
      const lease = { ...record.lease, ...next() };
      const stands = record.state === 'expired' && lease.expiresAt !== record.lease.expiresAt;
      await tag({ ...leaseTags(lease), ...(stands ? { state: 'ready' } : {}) });
      record.lease = lease;
      if (record.state === 'expired' && stands) record.state = 'ready';
      show();
      return lease;
    });
    last = changed.catch(() => undefined);
    return changed;
  }

  return {
    renew: (ttl: string) => change(() => ({ expiresAt: expiresAfter(Date.now(), ttl), markedAt: null })),
    /** Released, an environment whose lease is over has its whole grace before it. */
    protect: (isProtected: boolean, reason: string | null) =>
      change(() => ({ protected: isProtected, reason: isProtected ? reason : null, markedAt: null })),
    mark: (at: string) => change(() => ({ markedAt: at })),
    /** What was changed before there was a group to tag. */
    tell: () => change(() => ({})).catch(ignoreTagFailure),
  };
}
