import { QueryClient } from '@tanstack/react-query';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import type { ListedEnvironment, ListEnvironmentsResponse } from '../../src/client/index.ts';
import { createListPatch } from '../../web/src/api/listPatch.ts';
import { environmentsQuery } from '../../web/src/api/queries.ts';

type Item = Pick<ListedEnvironment, 'name' | 'state'>;

/** The answers of the API, by cursor; each is given when `answer` is called. */
let answer: (items: Item[], nextCursor: string | null) => Promise<void>;
let queryClient: QueryClient;
let patch: ReturnType<typeof createListPatch>;
let reading: Promise<unknown>;

/** Reads `pages` pages of the list. */
function read(pages: number): void {
  const query = {
    ...environmentsQuery,
    queryFn: () =>
      new Promise<ListEnvironmentsResponse>((resolve) => {
        answer = async (items, nextCursor) => {
          resolve({ items: items as ListedEnvironment[], nextCursor });
          await new Promise(setImmediate);
        };
      }),
    pages,
    staleTime: 0,
  };
  reading = queryClient.fetchInfiniteQuery(query);
}

beforeEach(() => {
  queryClient = new QueryClient();
  patch = createListPatch(queryClient);
  return () => patch.close();
});

const event = (name: string, state: Item['state']): void => patch.apply({ name, state } as ListedEnvironment);
/** Until an event that has arrived has been applied. */
const patched = (): Promise<unknown> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  onTestFinished(queryClient.getQueryCache().subscribe(({ type }) => type === 'updated' && resolve()));
  return promise;
};
const rows = (): string[] =>
  queryClient
    .getQueryData(environmentsQuery.queryKey)!
    .pages.flatMap(({ items }) => items.map(({ name, state }) => `${name} ${state}`));

it('an event that arrives while the list is read is not lost to what is read', async () => {
  read(1);
  await new Promise(setImmediate);
  event('old', 'ready');
  event('new', 'provisioning');
  event('gone', 'deleted');
  await answer(
    [
      { name: 'old', state: 'provisioning' },
      { name: 'gone', state: 'deleting' },
    ],
    null,
  );
  await reading;
  await expect.poll(rows).toEqual(['new provisioning', 'old ready']);
});

it('an environment of a page that has not been read is shown once, in its newest state', async () => {
  read(1);
  await new Promise(setImmediate);
  await answer([{ name: 'first', state: 'ready' }], 'next');
  await reading;
  event('second', 'ready');
  await patched();
  expect(rows()).toEqual(['first ready']);
  read(2);
  await new Promise(setImmediate);
  await answer([{ name: 'first', state: 'ready' }], 'next');
  await answer([{ name: 'second', state: 'provisioning' }], null);
  await reading;
  await expect.poll(rows).toEqual(['first ready', 'second ready']);
});

it('an event after the list was read replaces, adds and removes', async () => {
  read(1);
  await new Promise(setImmediate);
  await answer(
    [
      { name: 'a', state: 'ready' },
      { name: 'b', state: 'deleting' },
    ],
    null,
  );
  await reading;
  event('c', 'provisioning');
  event('b', 'deleted');
  event('a', 'failed');
  await expect.poll(rows).toEqual(['c provisioning', 'a failed']);
});

it('many events at once are one change of the list', async () => {
  read(1);
  await new Promise(setImmediate);
  await answer([{ name: 'a', state: 'ready' }], null);
  await reading;
  let changes = 0;
  onTestFinished(queryClient.getQueryCache().subscribe(({ type }) => void (changes += Number(type === 'updated'))));
  for (let n = 0; n < 100; n++) event(`new${n}`, 'provisioning');
  await expect.poll(rows).toHaveLength(101);
  expect(rows()[0]).toBe('new99 provisioning');
  expect(changes).toBe(1);
});
