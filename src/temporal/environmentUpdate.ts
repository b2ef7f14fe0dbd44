import { createHash, randomUUID } from 'node:crypto';
import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import type { UpdateDefinition } from '@temporalio/common';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { Problem } from '../domain/problem.ts';
import type { Json } from '../domain/environment.ts';
import { busy, continuing, environmentWorkflowId } from '../workflows/messages.ts';
import type { Idempotency } from '../workflows/messages.ts';
import { attemptMs, isTimeout, resend } from './resend.ts';
import { sortMembers } from './specHash.ts';

/** A client's request: its key with its operation and body. The same key with another body is refused. */
export interface ClientRequest {
  key: string | undefined;
  operation: string;
  body: unknown;
}

interface UpdateCall<Input> {
  input: Input;
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

/** Whether the workflow refuses an update only at this moment. */
function isRefusedForNow(error: unknown): boolean {
  const type = updateFailureOf(error)?.type;
  return type === continuing || type === busy;
}

/** A request without a key gets a random one: no request is executed twice, however often the API sends it. */
function identify({ key, operation, body }: ClientRequest): Idempotency {
  const bodyHash = hash(sortMembers(body as Json));
  return key === undefined
    ? { key: hash(operation, randomUUID()), body: bodyHash, unkeyed: true }
    : { key: hash(operation, key), body: bodyHash };
}

/** The update was accepted, and its answer did not come in time. */
class NotAnswered extends Error {}

/** Updates an environment's workflow for a client and awaits the result, as `updateEnvironment`. Throws IdempotencyKeyReused, too. */
export async function requestUpdate<Result, Input extends object>(
  client: Client,
  name: string,
  update: UpdateDefinition<Result, [Input & { idempotency: Idempotency }]>,
  { request, input, ...call }: UpdateCall<Input> & { request: ClientRequest },
): Promise<Result> {
  try {
    return await updateEnvironment(client, name, update, {
      ...call,
      input: { ...input, idempotency: identify(request) },
    });
  } catch (error) {
    if (updateFailureOf(error)?.type === 'IdempotencyKeyReused')
      throw new Problem('IdempotencyKeyReused', 'This Idempotency-Key was used with another body. Use a new key.');
    throw error;
  }
}

/**
 * Updates an environment's workflow and awaits the result. Throws Unavailable where no worker accepts it, or not in time, and otherwise the
 * client's error.
 */
export async function updateEnvironment<Result, Input extends object>(
  client: Client,
  name: string,
  update: UpdateDefinition<Result, [Input]>,
  { input, answerWithinMs }: UpdateCall<Input>,
): Promise<Result> {
  const handle = client.workflow.getHandle(environmentWorkflowId(name));
  const updateId = randomUUID();
  const send = async (): Promise<Result> => {
    const started = await client.withDeadline(Date.now() + attemptMs, () =>
      handle.startUpdate(update, { args: [input], waitForStage: 'ACCEPTED', updateId }),
    );
    if (answerWithinMs === undefined) return started.result();
    return client
      .withDeadline(Date.now() + answerWithinMs, () => started.result())
      .catch((error: unknown) => {
        throw isTimeout(error) ? new NotAnswered('no answer', { cause: error }) : error;
      });
  };
  try {
    return await resend(client, name, send, isRefusedForNow);
  } catch (error) {
    if (isRefusedForNow(error) || isTimeout(error) || error instanceof NotAnswered)
      throw new Problem(
        'Unavailable',
        'No worker responds, or the environment is busy with earlier requests. This one may still be executed: repeat it with the same Idempotency-Key.',
        { retryAfter: 5 },
      );
    throw error;
  }
}
