import type { InfiniteData } from '@tanstack/react-query';
import type { ListedEnvironment, ListEnvironmentsResponse } from '../../../src/client/index.ts';

export type ListPages = InfiniteData<ListEnvironmentsResponse>;

/** Whether the last page has been read. */
export const isComplete = ({ pages }: ListPages): boolean => pages.at(-1)?.nextCursor === null;

/**
 * The list with this environment as it is now: replaced where it is, a new one first, a deleted one removed. Before the list is complete, one that
 * it does not have may be on a later page: it is not added.
 */
export function patchList(list: ListPages, changed: ListedEnvironment): ListPages {
  const isChanged = ({ name }: ListedEnvironment): boolean => name === changed.name;
  const isListed = list.pages.some(({ items }) => items.some(isChanged));
  if (!isListed && (changed.state === 'deleted' || !isComplete(list))) return list;
  const pages = list.pages.map((page, i) => {
    if (!isListed) return i === 0 ? { ...page, items: [changed, ...page.items] } : page;
    if (!page.items.some(isChanged)) return page;
    const items =
      changed.state === 'deleted'
        ? page.items.filter((item) => !isChanged(item))
        : page.items.map((item) => (isChanged(item) ? changed : item));
    return { ...page, items };
  });
  return { ...list, pages };
}
