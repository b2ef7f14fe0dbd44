import { ApplicationFailure } from '@temporalio/workflow';
import type { Lease } from '../domain/environment.ts';
import type { GroupTags } from '../domain/groupTags.ts';
import type { LeaseChangeRecord } from '../domain/leaseChange.ts';
import { expiresAfter, leaseTags } from '../domain/lease.ts';
import { stateAfter } from '../domain/lifecycle.ts';
import { ignoreTagFailure } from './environmentStore.ts';
import type { EnvironmentStore } from './environmentStore.ts';
import { groupGone } from './messages.ts';
import { createMutex } from './mutex.ts';

interface ChangeOptions {
  /** written with the lease */
  tags?: GroupTags;
  /** the change makes no sense without a group: fails with `GroupGone` */
  needsGroup?: boolean;
}

const requested = (kind: LeaseChangeRecord['kind'], by: string | null): LeaseChangeRecord => ({
  kind,
  at: new Date().toISOString(),
  by,
});

/** Changes to an environment's lease, one at a time: the tags first, then the state. */
export function createLeaseChanges(store: EnvironmentStore, specHash: string) {
  const { record } = store;
  const runExclusively = createMutex();

  const change = (next: () => Partial<Lease>, options: ChangeOptions = {}): Promise<Lease> =>
    runExclusively(async () => {
      const lease = { ...record.lease, ...next() };
      const renewed = record.state === 'expired' && lease.expiresAt !== record.lease.expiresAt;
      const state = stateAfter.leaseRenewed;
      const { gone } = await store.tag({ ...leaseTags(lease), ...options.tags, ...(renewed ? { state } : {}) });
      if (gone && options.needsGroup)
        throw ApplicationFailure.nonRetryable('The resource group is deleted, or being deleted.', groupGone);
      record.lease = lease;
      if (record.state === 'expired' && renewed) record.state = state;
      store.show();
      return lease;
    });

  return {
    renew: (ttl: string, by: string | null) =>
      change(() => ({
        expiresAt: expiresAfter(Date.now(), ttl),
        markedAt: null,
        lastChange: requested('renewed', by),
      })),
    /** Removing the protection also removes the mark, so that an expired environment gets the whole grace period. */
    protect: (isProtected: boolean, reason: string | null, by: string | null) => {
      const write = () =>
        change(() => ({
          protected: isProtected,
          reason: isProtected ? reason : null,
          markedAt: null,
          lastChange: requested(isProtected ? 'protected' : 'released', by),
        }));
      return isProtected ? store.whileProtecting(write) : write();
    },
    mark: (at: string) => change(() => ({ markedAt: at }), { needsGroup: true }),
    /** Writes every tag again, after some were removed or became unreadable. */
    repairTags: () => {
      const { name: environment, owner, state } = record;
      return change(() => ({}), { tags: { environment, owner, state, spec: specHash }, needsGroup: true });
    },
    /** Writes the lease to a group that did not exist when the lease was changed. */
    rewriteTags: () => change(() => ({})).catch(ignoreTagFailure),
  };
}

export type LeaseChanges = ReturnType<typeof createLeaseChanges>;
