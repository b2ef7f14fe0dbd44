import { isCancellation } from '@temporalio/workflow';
import type { Score } from '../domain/environment.ts';
import type { ScoreInput } from './messages.ts';
import { failureOf, runFailure } from './failure.ts';
import { onJumpbox } from './jumpbox.ts';

/** Sends one request to the endpoint from inside the virtual network. */
export async function score({ site, request, runId }: ScoreInput): Promise<Score> {
  try {
    return await onJumpbox({ site, runId, step: 'score' }, 'score', { request });
  } catch (error) {
    if (isCancellation(error)) throw error;
    throw runFailure(failureOf(error, 'score'));
  }
}
