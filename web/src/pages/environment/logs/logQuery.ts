import { queryOptions } from '@tanstack/react-query';
import { readLog } from '../../../../../src/client/index.ts';
import type { ReadLogData } from '../../../../../src/client/index.ts';
import { dataOf } from '../../../api/apiProblem.ts';

export type LogRange = Required<NonNullable<ReadLogData['query']>>;

/** Milliseconds: each read is a workflow of its own, which asks Azure. */
const followInterval = 5_000;

/** The end of a container's log; repeated while it is followed. */
export const logQuery = (name: string, range: LogRange, follow: boolean) =>
  queryOptions({
    queryKey: ['log', name, range],
    queryFn: () => dataOf(readLog({ path: { name }, query: range })),
    staleTime: 0,
    refetchInterval: follow && followInterval,
  });
