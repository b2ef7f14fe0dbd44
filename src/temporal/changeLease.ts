import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { Problem } from '../domain/problem.ts';
import { protectUpdate, renewUpdate } from '../workflows/messages.ts';
import { updateFailureOf, updateEnvironment } from './environmentUpdate.ts';

/** What is asked of a lease; both at once is a renewal first. */
export interface LeaseChange {
  /** a duration like `4h`, from now */
  ttl?: string;
  protected?: boolean;
  /** why it is protected */
  reason?: string;
}

/** The tag is written before the lease is answered; Azure that takes longer is told as a 503. */
const answerWithinMs = 30_000;

/** Changes an environment's lease. Throws BeingDeleted, and Unavailable where Azure lets the group's tags not be written. */
export async function changeLease(
  client: Client,
  name: string,
  { ttl, protected: isProtected, reason }: LeaseChange,
  idempotencyKey: string | undefined,
): Promise<void> {
  const keyFor = (update: string) => idempotencyKey && `${idempotencyKey}:${update}`;
  try {
    if (ttl !== undefined)
      await updateEnvironment(client, name, renewUpdate, {
        args: [{ ttl }],
        idempotencyKey: keyFor('renew'),
        answerWithinMs,
      });
    if (isProtected !== undefined)
      await updateEnvironment(client, name, protectUpdate, {
        args: [{ protected: isProtected, reason: reason ?? null }],
        idempotencyKey: keyFor('protect'),
        answerWithinMs,
      });
  } catch (error) {
    const refusal = updateFailureOf(error);
    if (error instanceof WorkflowNotFoundError || refusal?.type === 'BeingDeleted')
      throw new Problem('BeingDeleted', `The environment ${name} is being taken down.`);
    if (refusal)
      throw new Problem(
        'Unavailable',
        `The lease of ${name} is as it was, for the tags of its group cannot be written. ${refusal.type}: ${refusal.message}`,
        { retryAfter: 60 },
      );
    throw error;
  }
}
