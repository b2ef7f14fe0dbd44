import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { listRuns } from '../../../src/client/index.ts';
import type { Environment, RunRecord } from '../../../src/client/index.ts';
import { dataOf } from './apiProblem.ts';

/** The runs of an environment, newest first; read again when a run has begun or ended. */
export const runsQuery = ({ name, state, run }: Environment) =>
  queryOptions({
    queryKey: ['runs', name, state, run?.id],
    queryFn: async () => (await dataOf(listRuns({ path: { name } }))).items,
    // Before and after a run the key is the same one.
    staleTime: 0,
    placeholderData: keepPreviousData<RunRecord[]>,
  });
