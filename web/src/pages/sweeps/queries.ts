import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { getSweep, getSweepSchedule, listSweeps } from '../../../../src/client/index.ts';
import { dataOf } from '../../api/apiProblem.ts';

/** Milliseconds between two reads, while a sweep runs and while none does. */
const [runningInterval, idleInterval] = [1_000, 10_000];

/** When the next sweep is due, and what sweeps may do. */
export const scheduleQuery = queryOptions({
  queryKey: ['sweepSchedule'],
  queryFn: () => dataOf(getSweepSchedule()),
  refetchInterval: idleInterval,
});

/** The sweeps, newest first, in pages as the API returns them. */
export const sweepsQuery = infiniteQueryOptions({
  queryKey: ['sweeps'],
  queryFn: ({ pageParam }) =>
    dataOf(listSweeps({ query: { limit: 20, ...(pageParam !== null && { cursor: pageParam }) } })),
  initialPageParam: null as string | null,
  getNextPageParam: ({ nextCursor }) => nextCursor,
  refetchInterval: ({ state }) =>
    state.data?.pages[0]?.items.some((sweep) => sweep.state === 'running') ? runningInterval : idleInterval,
});

/** One sweep with its lists, which it has when it has ended. */
export const sweepQuery = (id: string) =>
  queryOptions({
    queryKey: ['sweep', id],
    queryFn: () => dataOf(getSweep({ path: { id } })),
    refetchInterval: ({ state }) =>
      state.data === undefined || state.data.state === 'running' ? runningInterval : false,
  });
