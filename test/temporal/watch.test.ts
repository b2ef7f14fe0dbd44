import { Client } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, expect, inject, it, onTestFinished } from 'vitest';
import type { Environment } from '../../src/domain/environment.ts';
import { createEnvironments } from '../../src/temporal/environments.ts';
import { setUpNamespace } from '../../src/temporal/setUpNamespace.ts';
import { environmentWorkflowId } from '../../src/workflows/messages.ts';
import { ownNamespace } from '../e2e/support/namespace.ts';
import { holdCall } from '../workflows/fakeArm.ts';
import { subscriptionId } from '../workflows/fixtures.ts';
import { startWorkflowHarness, until } from '../workflows/workflowHarness.ts';
import type { WorkflowHarness } from '../workflows/workflowHarness.ts';
import { countingConnection } from './callCounts.ts';
import { startWaitingEnvironments } from './waitingEnvironments.ts';

const longPoll = 'GetWorkflowExecutionHistory';
const describeCall = 'DescribeWorkflowExecution';

let moat: WorkflowHarness;
let environments: ReturnType<typeof createEnvironments>;
const { connection, counts } = countingConnection(inject('temporal').address);
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'watch');
  const { namespace } = moat.client.options;
  const client = new Client({ connection, namespace });
  environments = createEnvironments(client, { target: 'emulator', subscriptionId, temporalUi: null });
});
beforeEach(() => counts.reset());
afterAll(async () => {
  await connection.close();
  await moat.close();
});

/** Watches until the stream ends. `states` grows as events arrive. */
function watch(name: string, watched = environments) {
  const leave = new AbortController();
  const states: Environment[] = [];
  const ended = (async () => {
    for await (const { environment } of (await watched.watch(name, undefined, leave.signal))!) states.push(environment);
  })();
  return { states, ended, leave: () => leave.abort() };
}

/** An environment whose run in progress waits until it is released. */
async function createHeld(name: string): Promise<() => void> {
  const { behaviour, reached, release } = holdCall();
  moat.arm(name).onNextCalls('observeResource registry', behaviour);
  await moat.create(name);
  await reached;
  return release;
}

it('all watchers of an environment share two long polls, see its change and end with its run', async () => {
  const release = await createHeld('shared');
  const watchers = Array.from({ length: 50 }, () => watch('shared'));
  await until('all have the current state', async () => watchers.every(({ states }) => states.length > 0));
  await until('both histories are followed', async () => counts.open(longPoll) === 2);
  expect(counts.started(describeCall)).toBeLessThan(watchers.length);

  release();
  await Promise.all(watchers.map(({ ended }) => ended));
  for (const { states } of watchers) expect(states.at(-1)?.state).toBe('ready');
  await until('no long poll is open', async () => counts.open(longPoll) === 0);
});

it('the long polls are cancelled when the last watcher leaves', async () => {
  const release = await createHeld('left');
  const [first, second] = [watch('left'), watch('left')];
  await until('both histories are followed', async () => counts.open(longPoll) === 2);
  first.leave();
  await first.ended;
  expect(counts.open(longPoll)).toBe(2);
  second.leave();
  await second.ended;
  await until('no long poll is open', async () => counts.open(longPoll) === 0);
  release();
  await moat.untilState('left', 'ready');
});

/** An environment that waits for Azure, in a namespace without workers. */
async function startWaiting(name: string) {
  const client = new Client({ connection, namespace: await ownNamespace(inject('temporal').address, name) });
  await until('the namespace is ready', () => setUpNamespace(client).then(() => true));
  const plain = new Client({ connection: moat.client.connection, namespace: client.options.namespace });
  const waiting = await startWaitingEnvironments(plain, [name], 1);
  const watched = createEnvironments(client, { target: 'emulator', subscriptionId, temporalUi: null });
  const watcher = watch(name, watched);
  onTestFinished(async () => {
    watcher.leave();
    await watcher.ended;
    await waiting.stop();
  });
  await until('both histories are followed', async () => counts.open(longPoll) === 2);
  return { plain, watcher };
}

it('a burst of events is read together', async () => {
  const { plain } = await startWaiting('burst');
  counts.reset();
  const workflow = plain.workflow.getHandle(environmentWorkflowId('burst'));
  for (let events = 0; events < 200; events += 1) await workflow.signal('unknown');
  expect(counts.started(longPoll)).toBeLessThan(50);
  expect(counts.started(describeCall)).toBeLessThan(100);
});

it('polls of Azure, which leave no event in the history, are seen without another event', async () => {
  const { watcher } = await startWaiting('polled');
  await until('three polls are seen', async () => {
    const messages = watcher.states.flatMap(({ steps }) =>
      steps.flatMap(({ reason, message }) => (reason === 'WaitingOnAzure' ? [message] : [])),
    );
    return new Set(messages).size >= 3;
  });
});
