import { queryOptions } from '@tanstack/react-query';
import { readyz } from '../../../../src/client/index.ts';
import type { ReadinessCheck } from '../../../../src/client/index.ts';
import { ApiProblem, dataOf } from '../../api/apiProblem.ts';

/** Milliseconds between two reads. */
const interval = 5_000;

/** The checks, also of an installation that is not ready. */
async function readChecks(): Promise<ReadinessCheck[]> {
  try {
    return (await dataOf(readyz())).checks;
  } catch (error) {
    if (error instanceof ApiProblem && error.problem?.checks) return error.problem.checks;
    throw error;
  }
}

/** Whether each part that Moat needs is ready. */
export const readinessQuery = queryOptions({
  queryKey: ['readiness'],
  queryFn: readChecks,
  staleTime: 0,
  refetchInterval: interval,
});
