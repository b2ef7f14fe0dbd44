import type { Json, Score } from '../domain/environment.ts';
import { Problem } from '../domain/problem.ts';
import { scoreUpdate } from '../workflows/messages.ts';
import type { EnvironmentDeps } from './environmentDeps.ts';
import { requestUpdate, updateFailureOf } from './environmentUpdate.ts';

/** The problem of a refused update or a failed run. */
function problemOf(error: unknown): unknown {
  const failure = updateFailureOf(error);
  if (!failure) return error;
  const { type, message } = failure;
  if (type === 'NotReady')
    return new Problem('NotReady', 'The environment is not ready, or another run is in progress.');
  if (type === 'Cancelled') return new Problem('Cancelled', 'The score was cancelled before the endpoint answered.');
  return new Problem(type === 'AnswerTooLarge' ? 'AnswerTooLarge' : 'ScoreFailed', `${type}: ${message}`);
}

/** Starts a score run and awaits its result. Throws NotReady, Cancelled, AnswerTooLarge, ScoreFailed, IdempotencyKeyReused, Unavailable. */
export async function requestScore(
  { client, caller }: EnvironmentDeps,
  name: string,
  request: Json,
  key: string | undefined,
): Promise<Score> {
  try {
    return await requestUpdate(client, name, scoreUpdate, {
      request: { key, operation: 'score', body: request },
      input: { request, by: caller.name },
    });
  } catch (error) {
    throw problemOf(error);
  }
}
