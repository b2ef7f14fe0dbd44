import type { Client } from '@temporalio/client';
import { Problem } from '../domain/problem.ts';
import { protectUpdate, renewUpdate } from '../workflows/messages.ts';
import { updateEnvironment, updateFailureOf } from './environmentUpdate.ts';

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

/** Changes an environment's lease. Throws BeingDeleted, IdempotencyKeyReused, and Unavailable where the group's tags cannot be written. */
export async function changeLease(
  client: Client,
  name: string,
  change: LeaseChange,
  key: string | undefined,
): Promise<void> {
  const { ttl, protected: isProtected, reason } = change;
  const common = {
    answerWithinMs,
    idempotency: key === undefined ? undefined : { key, operation: 'changeLease', body: change },
  };
  try {
    if (ttl !== undefined) await updateEnvironment(client, name, renewUpdate, { ...common, input: { ttl } });
    if (isProtected !== undefined)
      await updateEnvironment(client, name, protectUpdate, {
        ...common,
        input: { protected: isProtected, reason: reason ?? null },
      });
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
