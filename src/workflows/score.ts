import { isCancellation } from '@temporalio/workflow';
import type { Score } from '../domain/environment.ts';
import type { ScoreInput } from './messages.ts';
import { endOf, failureOf, runFailure } from './failure.ts';
import { onJumpbox } from './jumpbox.ts';

/** Sends one request to the endpoint from inside the virtual network. */
export async function score({ site, request, runId }: ScoreInput): Promise<Score> {
  try {
    return await onJumpbox({ site, runId, step: 'score' }, 'score', { request });
  } catch (thrown) {
    const error = endOf(thrown);
    if (isCancellation(error)) throw error;
    throw runFailure(failureOf(error, 'score'));
  }
}
