import { ApplicationFailure } from '@temporalio/workflow';
import type { Failure } from '../domain/failures.ts';
import { isExpired, tagsExpired } from '../domain/lease.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import { armRead, activityOptions } from './armActivities.ts';
import { runFailure } from './runFailure.ts';
import type { ExpectedLease } from './messages.ts';
import type { EnvironmentStore } from './environmentStore.ts';

/** Code of the failure that ends a teardown for age because the lease is not over any more. */
export const leaseRenewedCode = 'LeaseRenewed';

const renewed = (): Failure => ({
  step: null,
  type: 'Cancelled',
  code: leaseRenewedCode,
  message: 'The lease was renewed or protected while the environment was taken down for its age.',
  remedy: 'POST the environment again: what is gone already is made anew.',
  correlationId: null,
});

async function tagsOver(site: EnvironmentRef): Promise<boolean> {
  const tags = await armRead.readLease.executeWithOptions(activityOptions('resourceGroup', 'read', 'lease'), [
    { site },
  ]);
  return tags === null || tagsExpired(tags, Date.now());
}

/** Whether an environment is to go for its age, asked of both who know: its record and its group's tags. */
export function createLeaseExpiry({ record, site }: EnvironmentStore, subscriptionId: string) {
  const ended = () => isExpired(record.lease, Date.now());
  let looking: Promise<boolean> | undefined;
  return {
    isOver: ended,
    /** Whether the lease that a sweep has seen is the lease there is, and over. */
    isStill: (seen: ExpectedLease): boolean =>
      seen.subscriptionId.toLowerCase() === subscriptionId.toLowerCase() &&
      Date.parse(seen.expiresAt) === Date.parse(record.lease.expiresAt) &&
      ended(),
    /** Throws `NotExpired` where the tags tell another lease. */
    async requireTagsOver(): Promise<void> {
      // several sweeps that ask at once are answered by one look
      looking ??= tagsOver(site).finally(() => (looking = undefined));
      if (!(await looking))
        throw ApplicationFailure.nonRetryable("The group's tags do not say that the lease is over.", 'NotExpired');
    },
    renewed,
  };
}

/** Ends a teardown for age where the tags do not say any more that the lease is over. */
export async function assertStillExpired(site: EnvironmentRef): Promise<void> {
  if (!(await tagsOver(site))) throw runFailure(renewed());
}
