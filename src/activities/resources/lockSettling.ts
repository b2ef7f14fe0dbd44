import { Context } from '@temporalio/activity';
import { retryLater } from '../errors/activityFailures.ts';
import type { ActivityDeps } from '../deps.ts';

/** How long Azure may still refuse with `ScopeLocked` after a lock was deleted (microsoft/TeamCloud#146, redhat-cop/cloud.azure_ops#74). */
const settleSeconds = 60;
const pollSeconds = 5;

/**
 * Runs a deletion. Where `awaitLocks` says that a person has just been asked to delete a lock, `ScopeLocked` is retried for the first
 * minute instead of being final: `NotYetConsistent`.
 */
export async function whileLocksSettle<T>(
  { azure }: ActivityDeps,
  awaitLocks: boolean | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isNew = Date.now() - Context.current().info.scheduledTimestampMs < azure.delayMs(settleSeconds);
    if (!awaitLocks || !isNew || azure.errorOf(error).code !== 'ScopeLocked') throw error;
    throw retryLater(
      'still refused with ScopeLocked: the deletion of a lock takes effect within a minute',
      azure.delayMs(pollSeconds),
    );
  }
}
