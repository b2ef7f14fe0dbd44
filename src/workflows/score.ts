import { isCancellation } from '@temporalio/workflow';
import type { Score } from '../domain/environment.ts';
import type { ScoreInput } from './messages.ts';
import { unwrapCancellation, failureOf, runFailure } from './runFailure.ts';
import { runOnJumpbox } from './runOnJumpbox.ts';

/** Sends one request to the endpoint from inside the virtual network. */
export async function score({ ref, request, runId }: ScoreInput): Promise<Score> {
  try {
    return await runOnJumpbox({ ref, runId, step: 'score' }, 'score', { request });
  } catch (thrown) {
    const error = unwrapCancellation(thrown);
    if (isCancellation(error)) throw error;
    throw runFailure(failureOf(error, 'score', ref));
  }
}
