import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { Json, Score } from '../domain/environment.ts';
import { Problem } from '../domain/problem.ts';
import { scoreUpdate } from '../workflows/messages.ts';
import { updateFailureOf, updateEnvironment } from './environmentUpdate.ts';

/** What the workflow's refusal or the run's failure means to the caller. */
function problemOf(error: unknown): unknown {
  if (error instanceof WorkflowNotFoundError) return new Problem('NotReady', 'The environment is gone.');
  const refusal = updateFailureOf(error);
  if (!refusal) return error;
  const { type, message } = refusal;
  if (type === 'NotReady') return new Problem('NotReady', 'The environment is not ready, or another run is at work.');
  return new Problem(type === 'AnswerTooLarge' ? 'AnswerTooLarge' : 'ScoreFailed', `${type}: ${message}`);
}

/** Has the environment score a request, and waits for the answer. Throws NotReady, AnswerTooLarge, ScoreFailed, Unavailable. */
export async function requestScore(
  client: Client,
  name: string,
  request: Json,
  idempotencyKey: string | undefined,
): Promise<Score> {
  try {
    return await updateEnvironment(client, name, scoreUpdate, { args: [{ request }], idempotencyKey });
  } catch (error) {
    throw problemOf(error);
  }
}
