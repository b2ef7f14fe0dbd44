import { Client } from '@temporalio/client';
import type { Connection } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { makeKnownEnvironments } from '../../bench/knownEnvironments.ts';
import type { Proof, ProofRow } from '../../src/domain/environment.ts';
import { createEnvironments } from '../../src/temporal/environments.ts';
import { createSweeps } from '../../src/temporal/sweeps.ts';
import type { EnvironmentFilter } from '../../src/temporal/contracts.ts';
import { setUpNamespace } from '../../src/temporal/setUpNamespace.ts';
import { environmentWorkflowId } from '../../src/workflows/messages.ts';
import { ownNamespace } from '../e2e/support/namespace.ts';
import { until } from '../e2e/support/until.ts';
import { countingConnection } from './callCounts.ts';
import type { CallCounts } from './callCounts.ts';

const hour = 3_600_000;
const at = (ms: number): string => new Date(Date.now() + ms).toISOString();
const states = ['ready', 'failed', 'blocked'] as const;

const row: ProofRow = { check: 'c', from: 'arm', expected: 'e', observed: 'o', at: at(0), verdict: 'passed' };
const failedRow: ProofRow = { ...row, check: 'f', verdict: 'failed' };
const proof: Proof = { at: at(0), complete: false, rows: [row, failedRow, row], changes: [] };
const blockers = [{ resource: 'id', reason: 'a lock', command: 'az lock delete' }];
const receipt = { removed: [{ id: 'other', proof: 'gone' as const }], remaining: ['id'], blockers };

let connection: Connection;
let client: Client;
let environments: ReturnType<typeof createEnvironments>;
let counts: CallCounts;
/** A client of its own shares no answers with the one before. */
const connectEnvironments = () =>
  createEnvironments(client, { target: 'emulator', subscriptionId: '', temporalUi: null });

beforeAll(async () => {
  const { address } = inject('temporal');
  ({ connection, counts } = countingConnection(address));
  client = new Client({ connection, namespace: await ownNamespace(address, 'lists') });
  await until('the namespace is ready', async () => {
    await setUpNamespace(client);
    return true;
  });
  await makeKnownEnvironments(client, {
    count: 24,
    prefix: 'live-',
    change: ({ lease }, index) => ({
      owner: index % 2 === 0 ? 'ana@example.com' : "o'neil@example.com",
      state: states[index % 3]!,
      lease: {
        ...lease,
        expiresAt: at(index % 4 === 0 ? -hour : hour),
        markedAt: index % 6 === 0 ? at(-hour) : null,
        protected: index % 8 === 0,
      },
    }),
  });
  await makeKnownEnvironments(client, { count: 6, prefix: 'gone-', change: () => ({ state: 'deleted' }) });
  await makeKnownEnvironments(client, { count: 1, prefix: 'livelier-', change: () => ({ proof, receipt }) });
  environments = connectEnvironments();
  await until('all are listed', async () => {
    environments = connectEnvironments();
    const [live, gone] = [await names({}), await names({ state: 'deleted' })];
    return live.length === 25 && gone.length === 6;
  });
});
afterAll(() => connection.close());
beforeEach(() => {
  environments = connectEnvironments();
  counts.reset();
});

const names = async (filter: Partial<EnvironmentFilter>): Promise<string[]> =>
  (await environments.list({ limit: 100, ...filter })).items.map(({ name }) => name);
const indexes = async (filter: Partial<EnvironmentFilter>): Promise<number[]> =>
  (await names({ q: 'live-', ...filter })).map((name) => Number(name.slice(-5))).toSorted((a, b) => a - b);
const every = (condition: (index: number) => boolean): number[] =>
  Array.from({ length: 24 }, (_, index) => index).filter(condition);
const refusedCursor = { code: 'InvalidParameters', errors: [{ path: '/cursor', message: 'invalid cursor' }] };

it('pages have every live environment once, the newest first', async () => {
  const found: { name: string; createdAt: string }[] = [];
  let cursor: string | undefined;
  do {
    const page = await environments.list({ limit: 7, ...(cursor && { cursor }) });
    expect(page.items.length).toBeLessThanOrEqual(7);
    found.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  expect(found[0]?.name).toBe('livelier-00000');
  expect(found).toHaveLength(25);
  expect(new Set(found.map(({ name }) => name)).size).toBe(25);
});

it('an item has everything but its receipt, the resources of its steps and the rows of its proof that did not fail', async () => {
  const [item] = (await environments.list({ limit: 1 })).items;
  const { steps, receipt: _receipt, proof: _proof, ...rest } = await environments.get(item!.name);
  expect(item).toEqual({
    ...rest,
    steps: steps.map(({ resources: _resources, ...step }) => step),
    proof: { at: proof.at, complete: false, counts: { passed: 2, failed: 1, inconclusive: 0 }, failed: [failedRow] },
    blockers,
  });
  // the steps are kept from the first answer on
  expect((await connectEnvironments().list({ limit: 1 })).items).toEqual([item]);
  expect(new Set(item!.steps.map(({ state }) => state))).toEqual(new Set(['succeeded']));
});

it.each<[Partial<EnvironmentFilter>, (index: number) => boolean]>([
  [{ state: 'ready' }, (index) => index % 3 === 0],
  [{ state: 'failed' }, (index) => index % 3 === 1],
  [{ owner: "o'neil@example.com" }, (index) => index % 2 === 1],
  [{ owner: 'ana@example.com', state: 'blocked' }, (index) => index % 6 === 2],
  [{ owner: 'ana@example.com', state: 'failed' }, (index) => index % 6 === 4],
  [{ expired: true }, (index) => index % 4 === 0],
  [{ expired: false }, (index) => index % 4 !== 0],
  [{ marked: true }, (index) => index % 6 === 0],
  [{ marked: false }, (index) => index % 6 !== 0],
  [{ protected: true }, (index) => index % 8 === 0],
  [{ protected: false, expired: true, marked: false }, (index) => index % 8 === 4 && index % 6 !== 0],
  [{ q: 'live-0001' }, (index) => index >= 10 && index < 20],
  [{ q: 'live-0001', owner: 'nobody' }, () => false],
])('the filter %j selects what matches', async (filter, matches) => {
  expect(await indexes(filter)).toEqual(every(matches));
});

it('a prefix of the name selects live ones; with state=deleted, the deleted ones', async () => {
  expect(await names({ q: 'livel' })).toEqual(['livelier-00000']);
  expect(await names({ q: 'gone' })).toEqual([]);
  expect((await names({ q: 'gone', state: 'deleted' })).toSorted()).toEqual(
    every((i) => i < 6).map((i) => `gone-0000${i}`),
  );
  expect(await names({ q: 'live-00001x' })).toEqual([]);
});

it('a cursor is refused with other filters, changed, or invented; another limit is allowed', async () => {
  const { nextCursor } = await environments.list({ limit: 5, state: 'ready' });
  const cursor = nextCursor!;
  expect((await environments.list({ limit: 1, state: 'ready', cursor })).items).toHaveLength(1);
  await expect(environments.list({ limit: 5, cursor })).rejects.toMatchObject(refusedCursor);
  await expect(environments.list({ limit: 5, state: 'failed', cursor })).rejects.toMatchObject(refusedCursor);
  await expect(
    environments.list({ limit: 5, state: 'ready', cursor: `${cursor.slice(0, -2)}AA` }),
  ).rejects.toMatchObject(refusedCursor);
  await expect(environments.list({ limit: 5, cursor: 'nonsense' })).rejects.toMatchObject(refusedCursor);
});

it('the summary counts live environments by state', async () => {
  const zero = { provisioning: 0, cancelled: 0, expired: 0, deleting: 0 };
  expect(await environments.summary()).toEqual({ total: 25, states: { ...zero, ready: 9, failed: 8, blocked: 8 } });
});

it('expired leases are counted by their age, without protected environments', async () => {
  const { length } = every((i) => i % 8 === 4);
  expect(await environments.expiredLeases()).toEqual([
    { hours: 0, count: length },
    { hours: 1, count: length },
    { hours: 6, count: 0 },
    { hours: 24, count: 0 },
  ]);
});

it('a page takes one visibility call, and a describe of each item the first time', async () => {
  const callsOf = async (filter: Partial<EnvironmentFilter>): Promise<number[]> => {
    counts.reset();
    await environments.list({ limit: 3, ...filter });
    return [counts.started('ListWorkflowExecutions'), counts.started('DescribeWorkflowExecution'), counts.total()];
  };
  expect(await callsOf({})).toEqual([1, 3, 4]);
  // the same question within a second, and another one about the same environments
  expect(await callsOf({})).toEqual([0, 0, 0]);
  expect(await callsOf({ limit: 2 })).toEqual([1, 0, 1]);
  counts.reset();
  await environments.summary();
  expect(counts.total()).toBe(8);
});

it('one that was deleted and made again, or lost and recovered, is listed once', async () => {
  const one = { count: 1, prefix: 'twice-' };
  const name = 'twice-00000';
  await makeKnownEnvironments(client, { ...one, change: () => ({ state: 'deleted' }) });
  await makeKnownEnvironments(client, { ...one, change: () => ({ state: 'deleted' }) });
  const listed = async () => {
    environments = connectEnvironments();
    const [live, gone] = [
      await environments.list({ q: 'twice', limit: 9 }),
      await names({ q: 'twice', state: 'deleted' }),
    ];
    return [live.items.map(({ name, state, failure }) => [name, state, failure?.code ?? null]), gone];
  };
  const untilListed = (expected: Awaited<ReturnType<typeof listed>>) =>
    expect.poll(listed, { timeout: 20_000, interval: 50 }).toEqual(expected);
  await untilListed([[], [name]]);
  await makeKnownEnvironments(client, one);
  await untilListed([[[name, 'ready', null]], []]);
  await client.workflow.getHandle(environmentWorkflowId(name)).terminate();
  await untilListed([[[name, 'failed', 'WorkflowLost']], []]);
  expect(await names({ q: 'twice', state: 'failed' })).toEqual([name]);
  expect(await names({ q: 'twice', state: 'ready' })).toEqual([]);
  environments = connectEnvironments();
  expect(await environments.summary()).toMatchObject({ total: 26, states: { ready: 9, failed: 9 } });
  await makeKnownEnvironments(client, one);
  await untilListed([[[name, 'ready', null]], []]);
  environments = connectEnvironments();
  expect(await environments.summary()).toMatchObject({ total: 26, states: { ready: 10, failed: 8 } });
});

it('sweeps are listed a page at a time, by one call, the newest first', async () => {
  const sweeps = createSweeps(client);
  const started: string[] = [];
  for (let i = 0; i < 5; i++) started.push((await sweeps.start(true, 'ops')).id);
  await expect
    .poll(() => createSweeps(client).list({ limit: 9 }), { timeout: 20_000 })
    .toMatchObject({
      items: { length: 5 },
      nextCursor: null,
    });
  counts.reset();
  const found: string[] = [];
  let cursor: string | undefined;
  for (let page = 1; page <= 3; page++) {
    const { items, nextCursor } = await sweeps.list({ limit: 2, ...(cursor && { cursor }) });
    found.push(...items.map(({ id }) => id));
    cursor = nextCursor ?? undefined;
  }
  expect([found, cursor, counts.total()]).toEqual([started.toReversed(), undefined, 3]);
  const { nextCursor } = await environments.list({ limit: 2 });
  await expect(sweeps.list({ limit: 2, cursor: nextCursor! })).rejects.toMatchObject(refusedCursor);
});
