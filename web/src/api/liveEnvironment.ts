import { useEffect } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import type { Environment } from '../../../src/client/index.ts';
import { openEventStream } from './eventStream.ts';
import { environmentQuery } from './queries.ts';

const followed = new Set<string>();

/** Whether the environment is kept current by a stream of its own. */
export const isFollowed = (name: string): boolean => followed.has(name);

/** One environment, current by its own stream while a run is in progress, and by the list's stream otherwise. */
export function useLiveEnvironment(name: string): UseQueryResult<Environment> {
  const queryClient = useQueryClient();
  const query = useQuery(environmentQuery(name));
  const run = query.data?.run;
  const runInProgress = run && run.finishedAt === null ? run.id : undefined;
  useEffect(() => {
    if (runInProgress === undefined) return undefined;
    const unfollow = (): void => void followed.delete(name);
    const close = openEventStream<Environment>(`/environments/${name}/events`, false, {
      onOpen: () => followed.add(name),
      onEvent: (environment) => queryClient.setQueryData(environmentQuery(name).queryKey, environment),
      onLost: unfollow,
    });
    return () => {
      close();
      unfollow();
    };
  }, [name, runInProgress, queryClient]);
  return query;
}
