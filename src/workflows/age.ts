import { ApplicationFailure } from '@temporalio/workflow';
import type { Failure } from '../domain/failures.ts';
import { isOver, tagsAreOver } from '../domain/lease.ts';
import type { Site } from '../domain/naming.ts';
import { read, told } from './arm.ts';
import { runFailure } from './failure.ts';
import type { SeenLease } from './messages.ts';
import type { Life } from './record.ts';

/** Code of the failure that ends a teardown for age because the lease is not over any more. */
export const renewedCode = 'LeaseRenewed';

const renewed = (): Failure => ({
  step: null,
  type: 'Cancelled',
  code: renewedCode,
  message: 'The lease was renewed or protected while the environment was taken down for its age.',
  remedy: 'POST the environment again: what is gone already is made anew.',
  correlationId: null,
});

async function tagsOver(site: Site): Promise<boolean> {
  const tags = await read.readLease.executeWithOptions(told('resourceGroup', "look at the lease on the group's tags"), [
    { site },
  ]);
  return tags === null || tagsAreOver(tags, Date.now());
}

/** Whether an environment is to go for its age, asked of both who know: its record and its group's tags. */
export function createAge({ record, site }: Life, subscriptionId: string) {
  const ended = () => isOver(record.lease, Date.now());
  let looking: Promise<boolean> | undefined;
  return {
    isOver: ended,
    /** Whether the lease that a sweep has seen is the lease there is, and over. */
    isStill: (seen: SeenLease): boolean =>
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
export async function requireStillOver(site: Site): Promise<void> {
  if (!(await tagsOver(site))) throw runFailure(renewed());
}
