import { Client } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import type { Environment } from '../../src/domain/environment.ts';
import { createEnvironments } from '../../src/temporal/environments.ts';
import { environmentWorkflowId } from '../../src/workflows/messages.ts';
import { holdCall, inProgress } from '../workflows/fakeArm.ts';
import { subscriptionId } from '../workflows/fixtures.ts';
import { startWorkflowHarness, until } from '../workflows/workflowHarness.ts';
import type { WorkflowHarness } from '../workflows/workflowHarness.ts';
import { countingConnection } from './callCounts.ts';

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
function watch(name: string) {
  const leave = new AbortController();
  const states: Environment[] = [];
  const ended = (async () => {
    for await (const { environment } of (await environments.watch(name, undefined, leave.signal))!)
      states.push(environment);
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

it('a burst of events is read together', async () => {
  const release = await createHeld('burst');
  const watcher = watch('burst');
  await until('both histories are followed', async () => counts.open(longPoll) === 2);
  counts.reset();
  const workflow = moat.client.workflow.getHandle(environmentWorkflowId('burst'));
  await Promise.all(Array.from({ length: 200 }, () => workflow.signal('unknown')));
  release();
  await watcher.ended;
  expect(watcher.states.at(-1)?.state).toBe('ready');
  expect(counts.started(describeCall)).toBeLessThan(100);
});

it('a poll of Azure, which leaves no event in the history, is seen without another event', async () => {
  const arm = moat.arm('polled');
  const { behaviour, reached, release } = holdCall();
  arm.onNextCalls('observeResource registry', async () => {
    await behaviour();
    await inProgress();
  });
  arm.onEveryCall('observeResource registry', inProgress);
  await moat.create('polled');
  await reached;
  const watcher = watch('polled');
  await until('both histories are followed', async () => counts.open(longPoll) === 2);
  release();
  await until('a watcher sees what Azure is waited for', async () =>
    watcher.states.at(-1)?.steps.some(({ reason }) => reason === 'WaitingOnAzure'),
  );
  arm.onEveryCall('observeResource registry', undefined);
  await watcher.ended;
});
