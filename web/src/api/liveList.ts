import { useEffect } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import type { ListedEnvironment } from '../../../src/client/index.ts';
import { setConnection } from './connection.ts';
import { openEventStream } from './eventStream.ts';
import { patchList } from './patchList.ts';
import type { ListPages } from './patchList.ts';
import { meQuery } from './me.ts';
import { environmentQuery, environmentsQuery, summaryQuery } from './queries.ts';
import { isFollowed } from './liveEnvironment.ts';

/** Milliseconds: the API's counts show a change within two seconds. */
const summaryDelay = 1_000;

/** Keeps the list and the counts current by the stream of all environments. Used once, by the shell. */
export function useLiveList(): void {
  const queryClient = useQueryClient();
  useEffect(() => followList(queryClient), [queryClient]);
}

function followList(queryClient: QueryClient): () => void {
  let timer: number | undefined;
  const refreshSummary = (): void => {
    timer ??= window.setTimeout(() => {
      timer = undefined;
      void queryClient.invalidateQueries({ queryKey: summaryQuery.queryKey });
    }, summaryDelay);
  };
  const close = openEventStream<ListedEnvironment>('/events', true, {
    // Events may be missing from before the stream was open.
    onOpen: () => {
      setConnection('open');
      void queryClient.invalidateQueries();
    },
    onEvent: (environment) => {
      queryClient.setQueryData(
        environmentsQuery.queryKey,
        (list: ListPages | undefined) => list && patchList(list, environment),
      );
      if (!isFollowed(environment.name))
        void queryClient.invalidateQueries({ queryKey: environmentQuery(environment.name).queryKey });
      refreshSummary();
    },
    onLost: () => {
      setConnection('lost');
      // The session may have ended: a refused stream does not report why.
      void queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
    },
  });
  return () => {
    window.clearTimeout(timer);
    close();
  };
}
