import type { InfiniteData } from '@tanstack/react-query';
import type { ListedEnvironment, ListEnvironmentsResponse } from '../../../src/client/index.ts';

export type ListPages = InfiniteData<ListEnvironmentsResponse>;

/** Whether the last page has been read. */
export const isComplete = ({ pages }: ListPages): boolean => pages.at(-1)?.nextCursor === null;

/**
 * The list with these environments as they are now, by name: replaced where they are, new ones first, deleted ones removed. Before the list is
 * complete, one that it does not have may be on a later page: it is not added.
 */
export function patchList(list: ListPages, changed: ReadonlyMap<string, ListedEnvironment>): ListPages {
  const absent = new Map(changed);
  const pages = list.pages.map((page) => {
    if (!page.items.some(({ name }) => changed.has(name))) return page;
    const items = page.items.map((item) => changed.get(item.name) ?? item);
    for (const { name } of items) absent.delete(name);
    return { ...page, items: items.filter((item) => item.state !== 'deleted') };
  });
  const added = isComplete(list) ? [...absent.values()].filter(({ state }) => state !== 'deleted').toReversed() : [];
  const [first, ...others] = pages;
  return first && added.length > 0
    ? { ...list, pages: [{ ...first, items: [...added, ...first.items] }, ...others] }
    : { ...list, pages };
}
