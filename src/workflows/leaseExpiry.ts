import { ApplicationFailure } from '@temporalio/workflow';
import type { Failure } from '../domain/failures.ts';
import { isExpired, tagsExpired } from '../domain/lease.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import { armRead, activityOptions } from './armActivities.ts';
import type { EnvironmentStore } from './environmentStore.ts';
import type { ExpectedLease } from './messages.ts';
import { runFailure } from './runFailure.ts';

/** Code of the failure that aborts a teardown due to expiry because the lease is no longer expired. */
export const leaseRenewedCode = 'LeaseRenewed';

export const leaseRenewed = (): Failure => ({
  step: null,
  type: 'Cancelled',
  code: leaseRenewedCode,
  message: 'The lease was renewed or protected during a teardown that was due to its expiry.',
  remedy: 'POST the environment again to create what was already deleted.',
  correlationId: null,
  log: null,
});

async function expiredByTags(ref: EnvironmentRef): Promise<boolean> {
  const tags = await armRead.readLease.executeWithOptions(activityOptions('resourceGroup', 'read', 'lease'), [{ ref }]);
  return tags === null || tagsExpired(tags, Date.now());
}

/** Whether an environment's lease has expired, checked in both places that hold it: the record and the group's tags. */
export function createLeaseExpiry({ record, ref }: EnvironmentStore) {
  let reading: Promise<boolean> | undefined;
  const expired = (): boolean => isExpired(record.lease, Date.now());
  return {
    isExpired: expired,
    /** Whether the lease that a sweep read is still the current one, and expired. */
    matches: (expected: ExpectedLease): boolean =>
      expected.subscriptionId.toLowerCase() === ref.subscriptionId.toLowerCase() &&
      Date.parse(expected.expiresAt) === Date.parse(record.lease.expiresAt) &&
      expired(),
    /** Throws `NotExpired` where the tags hold another lease. */
    async assertTagsExpired(): Promise<void> {
      // sweeps that request it at the same time share one read
      reading ??= expiredByTags(ref).finally(() => (reading = undefined));
      if (!(await reading))
        throw ApplicationFailure.nonRetryable("The group's tags do not hold an expired lease.", 'NotExpired');
    },
  };
}

export type LeaseExpiry = ReturnType<typeof createLeaseExpiry>;

/** Aborts a teardown due to expiry where the tags no longer hold an expired lease. */
export async function assertStillExpired(ref: EnvironmentRef): Promise<void> {
  if (!(await expiredByTags(ref))) throw runFailure(leaseRenewed());
}
