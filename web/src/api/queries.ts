import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getAbout, getEnvironment, listEnvironments, summarizeEnvironments } from '../../../src/client/index.ts';
import { dataOf } from './apiProblem.ts';

/** Target, version, steps and links of this installation. */
export const aboutQuery = queryOptions({ queryKey: ['about'], queryFn: () => dataOf(getAbout()) });

/** The first page fills the window; the others follow. */
const [firstPage, nextPages] = [50, 200];

/** All live environments, newest first, in pages as the API returns them. */
export const environmentsQuery = infiniteQueryOptions({
  queryKey: ['environments'],
  queryFn: ({ pageParam }) =>
    dataOf(
      listEnvironments({ query: pageParam === null ? { limit: firstPage } : { limit: nextPages, cursor: pageParam } }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: ({ nextCursor }) => nextCursor,
});

/** Deleted environments, the last one first, in pages as the API returns them. Temporal keeps them for 30 days. */
export const deletedEnvironmentsQuery = (conditions: { q?: string; owner?: string }) =>
  infiniteQueryOptions({
    queryKey: ['deletedEnvironments', conditions],
    queryFn: ({ pageParam }) =>
      dataOf(
        listEnvironments({
          query: { state: 'deleted', limit: 50, ...conditions, ...(pageParam !== null && { cursor: pageParam }) },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

/** How many environments there are in each state. */
export const summaryQuery = queryOptions({ queryKey: ['summary'], queryFn: () => dataOf(summarizeEnvironments()) });

/** One environment with its steps and resources. */
export const environmentQuery = (name: string) =>
  queryOptions({ queryKey: ['environment', name], queryFn: () => dataOf(getEnvironment({ path: { name } })) });
