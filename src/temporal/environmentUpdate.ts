import { setTimeout as wait } from 'node:timers/promises';
import { createHash, randomUUID } from 'node:crypto';
import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import type { UpdateDefinition } from '@temporalio/common';
import {
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  isGrpcDeadlineError,
} from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { Problem } from '../domain/problem.ts';
import type { Json } from '../domain/environment.ts';
import { continuing, environmentWorkflowId } from '../workflows/messages.ts';
import type { Idempotency } from '../workflows/messages.ts';
import { isClosed } from './closedWorkflow.ts';
import { sortMembers } from './specHash.ts';

/** A worker accepts an update within milliseconds; more time means that no worker runs. */
const acceptWithinMs = 5_000;

interface UpdateCall<Input> {
  input: Input;
  /** the key with its operation and request body: the same key with another body is refused */
  idempotency?: { key: string; operation: string; body: unknown } | undefined;
  /** how long the result of an accepted update is awaited; default: without limit */
  answerWithinMs?: number;
}

const hash = (...parts: unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

/** The failure of an update: of the workflow, or of an activity that the update executed. Undefined for other errors. */
export function updateFailureOf(error: unknown): { type: string; message: string } | undefined {
  if (!(error instanceof WorkflowUpdateFailedError)) return undefined;
  const cause = error.cause instanceof ActivityFailure ? error.cause.cause : error.cause;
  const type = cause instanceof ApplicationFailure ? cause.type : undefined;
  return { type: type ?? 'Unknown', message: cause?.message ?? error.message };
}

/**
 * An update that meets its workflow while that continues as new may be refused, or never be answered: it is sent again, with the same id,
 * until it is accepted. Milliseconds between two attempts, and per attempt.
 */
const [resendMs, attemptMs] = [50, 1_500];

/** How long a workflow may take to continue as new: it first completes the updates that it has accepted. */
const continuesWithinMs = 30_000;

const isTimeout = (error: unknown): boolean =>
  error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpcDeadlineError(error);

/** Until when an update that failed may be sent again; 0 where it must not be. */
async function resendUntil(client: Client, name: string, error: unknown, startedAt: number): Promise<number> {
  if (updateFailureOf(error)?.type === continuing) return startedAt + continuesWithinMs;
  if (isTimeout(error)) return startedAt + acceptWithinMs;
  if (!isClosed(error)) return 0;
  const { status } = await client.workflow.getHandle(environmentWorkflowId(name)).describe();
  return status.name === 'RUNNING' ? startedAt + acceptWithinMs : 0;
}

/** Repeats `send` until the update is answered, refused for good, or the time is over. */
async function resend<T>(client: Client, name: string, send: () => Promise<T>): Promise<T> {
  for (const startedAt = Date.now(); ; await wait(resendMs)) {
    try {
      return await send();
    } catch (error) {
      const until = error instanceof NotAnswered ? 0 : await resendUntil(client, name, error, startedAt);
      if (Date.now() + resendMs >= until) throw error;
    }
  }
}

/** The update was accepted, and its answer did not come in time. */
class NotAnswered extends Error {}

/**
 * Updates an environment's workflow and awaits the result. Throws Unavailable without a worker, IdempotencyKeyReused, and
 * otherwise the client's error. The update's id holds hashes: the same key with the same body returns the same result.
 */
export async function updateEnvironment<Result, Input extends object>(
  client: Client,
  name: string,
  update: UpdateDefinition<Result, [Input & { idempotency?: Idempotency }]>,
  { input, idempotency, answerWithinMs }: UpdateCall<Input>,
): Promise<Result> {
  const handle = client.workflow.getHandle(environmentWorkflowId(name));
  const hashes = idempotency && {
    key: hash(idempotency.operation, idempotency.key),
    body: hash(sortMembers(idempotency.body as Json)),
  };
  const updateId = hashes ? `${update.name}-${hashes.key}-${hashes.body}` : randomUUID();
  const args: [Input & { idempotency?: Idempotency }] = [{ ...input, ...(hashes && { idempotency: hashes }) }];
  try {
    return await resend(client, name, async () => {
      const started = await client.withDeadline(Date.now() + attemptMs, () =>
        handle.startUpdate(update, { args, waitForStage: 'ACCEPTED', updateId }),
      );
      if (answerWithinMs === undefined) return started.result();
      return client
        .withDeadline(Date.now() + answerWithinMs, () => started.result())
        .catch((error: unknown) => {
          throw isTimeout(error) ? new NotAnswered('no answer', { cause: error }) : error;
        });
    });
  } catch (error) {
    if (updateFailureOf(error)?.type === 'IdempotencyKeyReused')
      throw new Problem('IdempotencyKeyReused', 'This Idempotency-Key was used with another body. Use a new key.');
    if (isTimeout(error) || error instanceof NotAnswered)
      throw new Problem(
        'Unavailable',
        'No worker responds. The request may still be executed: repeat it with the same Idempotency-Key.',
        { retryAfter: 5 },
      );
    throw error;
  }
}
