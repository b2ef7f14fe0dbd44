import type { Client } from '@temporalio/client';
import { Problem } from '../domain/problem.ts';
import { answerNotKept, protectUpdate, renewUpdate } from '../workflows/messages.ts';
import { requestUpdate, updateFailureOf } from './environmentUpdate.ts';

/** A change of a lease; with both, the renewal comes first. */
export interface LeaseChange {
  /** a duration like `4h`, from now */
  ttl?: string;
  protected?: boolean;
  /** why the environment is protected */
  reason?: string;
}

/** Time for the workflow to write the group's tags; after that the request fails with Unavailable. */
const answerWithinMs = 30_000;

/** Changes an environment's lease. `by`: who sent the request. Throws BeingDeleted, IdempotencyKeyReused, and Unavailable where the group's tags cannot be written. */
export async function changeLease(
  client: Client,
  name: string,
  change: LeaseChange,
  key: string | undefined,
  by?: string,
): Promise<void> {
  const { ttl, protected: isProtected, reason } = change;
  const request = { key, operation: 'changeLease', body: change };
  const sender = by === undefined ? {} : { by };
  try {
    if (ttl !== undefined)
      await executed(requestUpdate(client, name, renewUpdate, { request, answerWithinMs, input: { ttl, ...sender } }));
    if (isProtected !== undefined)
      await executed(
        requestUpdate(client, name, protectUpdate, {
          request,
          answerWithinMs,
          input: { protected: isProtected, reason: reason ?? null, ...sender },
        }),
      );
  } catch (error) {
    const failure = updateFailureOf(error);
    if (!failure) throw error;
    if (failure.type === 'BeingDeleted') throw new Problem('BeingDeleted', `The environment ${name} is being deleted.`);
    throw new Problem(
      'Unavailable',
      `Lease unchanged: updating the group's tags failed. ${failure.type}: ${failure.message}`,
      { retryAfter: 60 },
    );
  }
}

/** A change that was executed before needs no answer: the environment is read afterwards. */
async function executed(update: Promise<unknown>): Promise<void> {
  await update.catch((error: unknown) => {
    if (updateFailureOf(error)?.type !== answerNotKept) throw error;
  });
}
