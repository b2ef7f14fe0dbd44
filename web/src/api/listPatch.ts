import type { QueryClient } from '@tanstack/react-query';
import type { ListedEnvironment } from '../../../src/client/index.ts';
import { isComplete, patchList } from './patchList.ts';
import type { ListPages } from './patchList.ts';
import { environmentsQuery } from './queries.ts';

const { queryKey } = environmentsQuery;
/** Milliseconds, a frame: many events that arrive together are one change of the list. */
const collected = 16;

/**
 * Applies events to the list. What arrives while the list is being read may be newer than what is read, or belong to a page that has not been read:
 * it is kept, and applied to what is read next.
 */
export function createListPatch(queryClient: QueryClient) {
  const kept = new Map<string, ListedEnvironment>();
  const arrived = new Map<string, ListedEnvironment>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const list = (): ListPages | undefined => queryClient.getQueryData(queryKey);
  const isBeingRead = (): boolean => {
    const pages = list();
    return queryClient.isFetching({ queryKey }) > 0 || (pages !== undefined && !isComplete(pages));
  };
  const patch = (changed: ReadonlyMap<string, ListedEnvironment>): void => {
    queryClient.setQueryData(queryKey, (pages: ListPages | undefined) => pages && patchList(pages, changed));
  };
  const patchArrived = (): void => {
    timer = undefined;
    patch(arrived);
    arrived.clear();
  };
  const unsubscribe = queryClient.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated' || event.query.queryKey[0] !== queryKey[0]) return;
    if (event.action.type !== 'success' || event.action.manual || kept.size === 0) return;
    patch(kept);
    if (!isBeingRead()) kept.clear();
  });
  return {
    apply(environment: ListedEnvironment): void {
      if (isBeingRead()) kept.set(environment.name, environment);
      arrived.set(environment.name, environment);
      timer ??= setTimeout(patchArrived, collected);
    },
    /** A stream that opens begins with what may be newer than what was read. */
    restart: (): void => kept.clear(),
    close: (): void => {
      unsubscribe();
      clearTimeout(timer);
    },
  };
}
