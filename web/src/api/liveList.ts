import { useEffect } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { Query, QueryClient } from '@tanstack/react-query';
import type { ListedEnvironment } from '../../../src/client/index.ts';
import { setConnection } from './connection.ts';
import { openEventStream } from './eventStream.ts';
import { createListPatch } from './listPatch.ts';
import { meQuery } from './me.ts';
import { environmentQuery, summaryQuery } from './queries.ts';
import { isFollowed } from './liveEnvironment.ts';

/** Milliseconds: the API's counts show a change within two seconds. */
const summaryDelay = 1_000;
/** Milliseconds: the stream begins with the changes of the last 15 seconds. */
const coveredByEvents = 10_000;

/** Keeps the list and the counts current by the stream of all environments. Used once, by the shell. */
export function useLiveList(): void {
  const queryClient = useQueryClient();
  useEffect(() => followList(queryClient), [queryClient]);
}

const isOld = ({ state: { dataUpdatedAt, errorUpdatedAt } }: Query): boolean =>
  Math.max(dataUpdatedAt, errorUpdatedAt) < Date.now() - coveredByEvents;

function followList(queryClient: QueryClient): () => void {
  let timer: number | undefined;
  const refreshSummary = (): void => {
    timer ??= window.setTimeout(() => {
      timer = undefined;
      void queryClient.invalidateQueries({ queryKey: summaryQuery.queryKey });
    }, summaryDelay);
  };
  const patch = createListPatch(queryClient);
  const close = openEventStream<ListedEnvironment>('/events', true, {
    // What was read longer ago may have changed meanwhile, without an event.
    onOpen: () => {
      setConnection('open');
      patch.restart();
      void queryClient.invalidateQueries({ predicate: isOld });
    },
    onEvent: (environment) => {
      patch.apply(environment);
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
    patch.close();
    close();
  };
}
