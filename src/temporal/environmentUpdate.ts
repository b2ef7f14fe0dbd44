import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import type { UpdateDefinition } from '@temporalio/common';
import {
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  isGrpcDeadlineError,
} from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { Problem } from '../domain/problem.ts';
import { environmentWorkflowId } from '../workflows/messages.ts';

/** A worker accepts an update in milliseconds; longer means that there is none. */
const acceptWithinMs = 5_000;

interface Ask<Args extends [unknown]> {
  args: Args;
  /** the same key again answers the same result */
  idempotencyKey?: string | undefined;
  /** how long the answer is waited for, once the update is accepted; default: until it is there */
  answerWithinMs?: number;
}

/** What the workflow, or an activity that it needs for the answer, refused or failed with; undefined for anything else. */
export function updateFailureOf(error: unknown): { type: string; message: string } | undefined {
  if (!(error instanceof WorkflowUpdateFailedError)) return undefined;
  const cause = error.cause instanceof ActivityFailure ? error.cause.cause : error.cause;
  const type = cause instanceof ApplicationFailure ? cause.type : undefined;
  return { type: type ?? 'Unknown', message: cause?.message ?? error.message };
}

/** Asks an environment's workflow for a change, and waits for its answer. Throws Unavailable without a worker; else what the client throws. */
export async function updateEnvironment<Result, Args extends [unknown]>(
  client: Client,
  name: string,
  update: UpdateDefinition<Result, Args>,
  { args, idempotencyKey, answerWithinMs }: Ask<Args>,
): Promise<Result> {
  const handle = client.workflow.getHandle(environmentWorkflowId(name));
  try {
    const begun = await client.withDeadline(Date.now() + acceptWithinMs, () =>
      handle.startUpdate<Result, Args>(update, {
        args,
        waitForStage: 'ACCEPTED',
        ...(idempotencyKey === undefined ? {} : { updateId: idempotencyKey }),
      }),
    );
    if (answerWithinMs === undefined) return await begun.result();
    return await client.withDeadline(Date.now() + answerWithinMs, () => begun.result());
  } catch (error) {
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpcDeadlineError(error))
      throw new Problem(
        'Unavailable',
        'No worker answers. The request may still be carried out: repeat it with the same Idempotency-Key.',
        { retryAfter: 5 },
      );
    throw error;
  }
}
