import { Client } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, expect, inject, it, onTestFinished } from 'vitest';
import type { ListedEnvironment } from '../../src/domain/listedEnvironment.ts';
import { newRecord } from '../../src/domain/environmentRecord.ts';
import { localCaller } from '../../src/domain/roles.ts';
import { createEnvironments } from '../../src/temporal/environments.ts';
import { setUpNamespace } from '../../src/temporal/setUpNamespace.ts';
import { environmentWorkflowId, environmentWorkflowType, recordMemoKey } from '../../src/workflows/messages.ts';
import { searchAttributes } from '../../src/workflows/searchAttributes.ts';
import { ownNamespace } from '../e2e/support/namespace.ts';
import { holdCall } from '../workflows/fakeArm.ts';
import { specOf, subscriptionId } from '../workflows/fixtures.ts';
import { startWorkflowHarness, until } from '../workflows/workflowHarness.ts';
import type { WorkflowHarness } from '../workflows/workflowHarness.ts';
import { countingConnection } from './callCounts.ts';

let moat: WorkflowHarness;
let environments: ReturnType<typeof createEnvironments>;
const options = { target: 'emulator', subscriptionId, temporalUi: null } as const;
const { connection, counts } = countingConnection(inject('temporal').address);
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'watchList');
});
beforeEach(() => {
  environments = createEnvironments(new Client({ connection, namespace: moat.client.options.namespace }), options);
});
afterAll(async () => {
  await connection.close();
  await moat.close();
});

/** Watches the list until the test ends. */
async function watchList(lastEventId?: string) {
  const leave = new AbortController();
  const received: ListedEnvironment[] = [];
  const events = await environments.watchAll(lastEventId, leave.signal);
  const ended = (async () => {
    for await (const { environment } of events) received.push(environment);
  })();
  onTestFinished(async () => {
    leave.abort();
    await ended;
  });
  return {
    received,
    sees: (name: string, condition: (environment: ListedEnvironment) => boolean) =>
      until(`an event of ${name}`, async () => received.some((event) => event.name === name && condition(event))),
  };
}

it('shows a new environment, its progress, its states, its lease and its deletion', async () => {
  const list = await watchList();
  const { behaviour, reached, release } = holdCall();
  moat.arm('listed').onNextCalls('observeResource registry', behaviour);
  await moat.create('listed');
  await list.sees('listed', ({ state }) => state === 'provisioning');
  await reached;
  await list.sees('listed', ({ steps }) => steps.some(({ id, state }) => id === 'network' && state === 'succeeded'));
  release();
  await list.sees('listed', ({ state, run }) => state === 'ready' && run === null);
  await moat.environments.change('listed', { protected: true, reason: 'kept' }, undefined);
  await list.sees('listed', ({ lease }) => lease.protected);
  await moat.environments.change('listed', { protected: false }, undefined);
  const deletion = holdCall();
  moat.arm('listed').onNextCalls('listGroup', deletion.behaviour);
  await moat.environments.remove('listed');
  await deletion.reached;
  await list.sees('listed', ({ state }) => state === 'deleting');
  deletion.release();
  await list.sees('listed', ({ state }) => state === 'deleted');
  expect(list.received.filter((one) => 'receipt' in one || one.steps.some((step) => 'resources' in step))).toEqual([]);
  const proved = list.received.find(({ state }) => state === 'ready')?.proof;
  expect(proved).toMatchObject({ complete: true, failed: [] });
  expect(proved!.counts.passed).toBeGreaterThan(0);
  const states = list.received.map((environment) => JSON.stringify(environment));
  expect(states.filter((state, index) => state === states[index - 1])).toEqual([]);
});

it('shows an environment whose workflow is ended from outside', async () => {
  await moat.createReady('lost');
  const list = await watchList();
  await moat.client.workflow.getHandle(environmentWorkflowId('lost')).terminate();
  await list.sees('lost', ({ failure }) => failure?.code === 'WorkflowLost');
});

it('makes four queries a second at most, however many watchers there are', async () => {
  counts.reset();
  const startedAt = Date.now();
  const lists = await Promise.all(Array.from({ length: 20 }, () => watchList()));
  await moat.createReady('counted');
  await Promise.all(lists.map(({ sees }) => sees('counted', ({ state }) => state === 'ready')));
  expect(counts.started('ListWorkflowExecutions')).toBeLessThanOrEqual(6 + (4 * (Date.now() - startedAt)) / 1000);
});

it('makes one query a second at most while nothing is active, and one more in ten', async () => {
  const namespace = await ownNamespace(inject('temporal').address, 'quietList');
  const client = new Client({ connection, namespace });
  await until('the namespace is ready', async () => setUpNamespace(client).then(() => true));
  const leave = new AbortController();
  const startedAt = Date.now();
  await createEnvironments(client, options).watchAll(undefined, leave.signal);
  counts.reset();
  await until('three queries', async () => counts.started('ListWorkflowExecutions') >= 3);
  expect(counts.started('ListWorkflowExecutions')).toBeLessThanOrEqual(2 + (1.1 * (Date.now() - startedAt)) / 1000);
  leave.abort();
});

it('shows what this process changes without waiting for visibility', async () => {
  const client = new Client({ connection, namespace: moat.client.options.namespace });
  // visibility never has anything
  Object.assign(client.workflow, { list: async function* () {} });
  environments = createEnvironments(client, options);
  const list = await watchList();
  const { behaviour, release } = holdCall();
  moat.arm('own').onNextCalls('observeResource registry', behaviour);
  await environments.as(localCaller).create(specOf('own'));
  await list.sees('own', ({ state }) => state === 'provisioning');
  await environments.as(localCaller).remove('own');
  await list.sees('own', ({ state }) => state === 'deleting');
  release();
});

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

it('sends a reconnection what has changed since its last event', async () => {
  const spec = specOf('earlier');
  const record = { ...newRecord(spec, 'emulator', Date.now()), state: 'ready' as const };
  await moat.client.workflow.start(environmentWorkflowType, {
    workflowId: environmentWorkflowId('earlier'),
    taskQueue: 'none',
    memo: { [recordMemoKey]: record },
    typedSearchAttributes: [{ key: searchAttributes.changedAt, value: minutesAgo(10) }],
  });
  const list = await until('a reconnection after that time sees it', async () => {
    const candidate = await watchList(minutesAgo(20).toISOString());
    return candidate.sees('earlier', ({ state }) => state === 'ready').then(() => candidate);
  });
  expect(list.received.filter(({ name }) => name === 'earlier')).toHaveLength(1);

  const later = await watchList(minutesAgo(5).toISOString());
  await moat.createReady('newer');
  await later.sees('newer', ({ state }) => state === 'ready');
  expect(later.received.map(({ name }) => name)).not.toContain('earlier');
});
