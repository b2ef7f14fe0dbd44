import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { getAbout, getEnvironment, listEnvironments, summarizeEnvironments } from '../../../src/client/index.ts';
import { dataOf } from './apiProblem.ts';

/** Target, version, steps and links of this installation. */
export const aboutQuery = queryOptions({ queryKey: ['about'], queryFn: () => dataOf(getAbout()) });

/** All live environments, newest first, in pages as the API returns them. */
export const environmentsQuery = infiniteQueryOptions({
  queryKey: ['environments'],
  queryFn: ({ pageParam }) =>
    dataOf(listEnvironments({ query: { limit: 200, ...(pageParam !== null && { cursor: pageParam }) } })),
  initialPageParam: null as string | null,
  getNextPageParam: ({ nextCursor }) => nextCursor,
});

/** How many environments there are in each state. */
export const summaryQuery = queryOptions({ queryKey: ['summary'], queryFn: () => dataOf(summarizeEnvironments()) });

/** One environment with its steps and resources. */
export const environmentQuery = (name: string) =>
  queryOptions({ queryKey: ['environment', name], queryFn: () => dataOf(getEnvironment({ path: { name } })) });
