import { ApplicationFailure } from '@temporalio/common';
import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  isGrpcDeadlineError,
} from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { Json, Score } from '../domain/environment.ts';
import { Problem } from '../domain/problem.ts';
import { environmentWorkflowId, scoreUpdate } from '../workflows/messages.ts';

/** A worker accepts an update in milliseconds; longer means that there is none. */
const acceptWithinMs = 5_000;

const unavailable = () =>
  new Problem(
    'Unavailable',
    'No worker answers. The request may still be carried out: repeat it with the same Idempotency-Key.',
    { retryAfter: 5 },
  );

/** What the workflow's refusal or the run's failure means to the caller. */
function problemOf(error: unknown): unknown {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return unavailable();
  if (isGrpcDeadlineError(error)) return unavailable();
  if (error instanceof WorkflowNotFoundError) return new Problem('NotReady', 'The environment is gone.');
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) return error;
  const { type, message } = error.cause;
  if (type === 'NotReady') return new Problem('NotReady', 'The environment is not ready, or another run is at work.');
  return new Problem(type === 'AnswerTooLarge' ? 'AnswerTooLarge' : 'ScoreFailed', `${type}: ${message}`);
}

/** Has the environment score a request, and waits for the answer. Throws NotReady, AnswerTooLarge, ScoreFailed, Unavailable. */
export async function scoreOn(
  client: Client,
  name: string,
  request: Json,
  idempotencyKey: string | undefined,
): Promise<Score> {
  const handle = client.workflow.getHandle(environmentWorkflowId(name));
  try {
    const update = await client.withDeadline(Date.now() + acceptWithinMs, () =>
      handle.startUpdate(scoreUpdate, {
        args: [{ request }],
        waitForStage: 'ACCEPTED',
        ...(idempotencyKey === undefined ? {} : { updateId: idempotencyKey }),
      }),
    );
    return await update.result();
  } catch (error) {
    throw problemOf(error);
  }
}
