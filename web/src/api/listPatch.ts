import type { QueryClient } from '@tanstack/react-query';
import type { ListedEnvironment } from '../../../src/client/index.ts';
import { isComplete, patchList } from './patchList.ts';
import type { ListPages } from './patchList.ts';
import { environmentsQuery } from './queries.ts';

const { queryKey } = environmentsQuery;

/**
 * Applies events to the list. What arrives while the list is being read may be newer than what is read, or belong to a page that has not been read:
 * it is kept, and applied to what is read next.
 */
export function createListPatch(queryClient: QueryClient) {
  const kept = new Map<string, ListedEnvironment>();
  const list = (): ListPages | undefined => queryClient.getQueryData(queryKey);
  const isBeingRead = (): boolean => {
    const pages = list();
    return queryClient.isFetching({ queryKey }) > 0 || (pages !== undefined && !isComplete(pages));
  };
  const patch = (...environments: ListedEnvironment[]): void => {
    queryClient.setQueryData(
      queryKey,
      (pages: ListPages | undefined) => pages && environments.reduce(patchList, pages),
    );
  };
  const close = queryClient.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated' || event.query.queryKey[0] !== queryKey[0]) return;
    if (event.action.type !== 'success' || event.action.manual || kept.size === 0) return;
    patch(...kept.values());
    if (!isBeingRead()) kept.clear();
  });
  return {
    apply(environment: ListedEnvironment): void {
      if (isBeingRead()) kept.set(environment.name, environment);
      patch(environment);
    },
    /** A stream that opens begins with what may be newer than what was read. */
    restart: (): void => kept.clear(),
    close,
  };
}
