import { useMutation, useMutationState } from '@tanstack/react-query';
import type { UseMutationResult } from '@tanstack/react-query';
import { listRuns, scoreEnvironment } from '../../../../../src/client/index.ts';
import type { Failure, Score } from '../../../../../src/client/index.ts';
import { ApiProblem, dataOf } from '../../../api/apiProblem.ts';

const keyOf = (name: string) => ['score', name];

/** A score that failed, with the failure of its run, which has the remedy. */
export class ScoreError extends Error {
  readonly failure: Failure | undefined;

  constructor(cause: Error, failure: Failure | undefined) {
    super(cause.message, { cause });
    this.failure = failure;
  }
}

/** One request of this visit. */
export interface Attempt {
  /** what was sent, as it was typed */
  request: string;
  submittedAt: number;
  status: 'idle' | 'pending' | 'success' | 'error';
  answer: Score | undefined;
  error: Error | null;
}

/** Sends a request to the endpoint. */
export const useScore = (name: string): UseMutationResult<Score, Error, string> =>
  useMutation({
    mutationKey: keyOf(name),
    mutationFn: (request: string) => score(name, request),
    // The history of a visit is what the cache has.
    gcTime: Infinity,
  });

async function score(name: string, request: string): Promise<Score> {
  try {
    return await dataOf(scoreEnvironment({ path: { name }, body: JSON.parse(request) as unknown }));
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    throw new ScoreError(error, await failureOf(name, error));
  }
}

/** The failure of the run that the problem is about. The problem has its type and message, but no remedy. */
async function failureOf(name: string, { problem }: ApiProblem): Promise<Failure | undefined> {
  if (problem?.code !== 'ScoreFailed' && problem?.code !== 'AnswerTooLarge') return undefined;
  const { items } = await dataOf(listRuns({ path: { name } })).catch(() => ({ items: [] }));
  return (
    items.find(({ failure }) => failure && problem.detail === `${failure.type}: ${failure.message}`)?.failure ??
    undefined
  );
}

/** The requests of this visit, newest first. */
export const useAttempts = (name: string): Attempt[] =>
  useMutationState({
    filters: { mutationKey: keyOf(name) },
    select: ({ state }): Attempt => ({
      request: state.variables as string,
      submittedAt: state.submittedAt,
      status: state.status,
      answer: state.data as Score | undefined,
      error: state.error,
    }),
  }).toReversed();
