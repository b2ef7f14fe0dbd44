import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { plannedResource, runCommandId } from '../../src/domain/resources.ts';
import {
  attempt,
  createResource,
  deleteResource,
  failureOf,
  startProvisionedHarness,
  untilDone,
} from '../activities/emulatorHarness.ts';
import type { EmulatorHarness } from '../activities/emulatorHarness.ts';

/** One command at a time on the jumpbox's agent, as activities see it. */
let harness: EmulatorHarness;
beforeAll(async () => {
  harness = await startProvisionedHarness();
}, 60_000);
beforeEach(() => harness.control('DELETE', 'faults'));
afterAll(() => harness.close());

/** The waiting began so many milliseconds ago: more than the minute that a fast emulator's clock is given at least. */
const waitedMs = (ms: number) => ({ heartbeatDetails: { attempts: {}, busySince: Date.now() - ms } });
const begin = (name: string, info: object = {}) =>
  attempt(harness.activities.beginJumpboxCommand, { ref: harness.ref, command: 'setUp', name }, info);
const observe = (id: string, info: object = {}) =>
  attempt(harness.activities.observeJumpboxCommand, { id, command: 'setUp' as const }, info);

test('A16 a run command that never ends is polled until its own deadline, then Stuck', async () => {
  const name = 'setUp-provision-1-1';
  await harness.control('POST', 'faults', { match: { method: 'PUT', id: name }, effect: { hangOperation: true } });
  const { id } = await begin(name);
  expect(await failureOf(observe(id))).toMatchObject({ type: 'InProgress', nonRetryable: false });
  const waiting = await failureOf(observe(id, waitedMs(30_000)));
  expect(waiting).toMatchObject({ type: 'InProgress', nonRetryable: false });
  expect(waiting.message).toMatch(/, since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const stuck = await failureOf(observe(id, waitedMs(61_000)));
  expect(stuck).toMatchObject({ type: 'Stuck', nonRetryable: true });
  expect(stuck.message).toContain('not finished within 40 minutes of Azure’s time');
  expect(stuck.detail.correlationId).not.toBeNull();
});

test('A16 a run command that is refused while another one is in progress waits with a limit', async () => {
  const message =
    'Run command extension execution is in progress. Please wait for completion before invoking a run command.';
  const effect = { status: 409, code: 'Conflict', message };
  await harness.control('POST', 'faults', { match: { method: 'PUT', id: 'runCommands' }, times: null, effect });
  expect(await failureOf(begin('setUp-provision-1-2'))).toMatchObject({ type: 'Busy', nonRetryable: false });
  const stuck = await failureOf(begin('setUp-provision-1-2', waitedMs(61_000)));
  expect(stuck).toMatchObject({ type: 'Stuck', nonRetryable: true });
  expect(stuck.message).toContain('in progress');
});

test('A run command without status yet, whose PUT has succeeded, is waited for', async () => {
  const id = runCommandId(harness.ref, 'setUp-provision-1-3');
  const view = { executionState: 'Unknown', executionMessage: '', exitCode: 0, output: '', error: '' };
  const body = {
    id,
    name: 'x',
    location: 'westus2',
    properties: { provisioningState: 'Succeeded', instanceView: view },
  };
  await harness.control('POST', 'faults', { match: { method: 'GET', id }, times: null, effect: { status: 200, body } });
  const waiting = await failureOf(observe(id));
  expect(waiting).toMatchObject({ type: 'InProgress', nonRetryable: false });
  expect(waiting.message).toContain('started, no status yet');
  expect(await failureOf(observe(id, waitedMs(61_000)))).toMatchObject({ type: 'Stuck' });
});

test('A16 a virtual machine with a run command that never ends can be replaced, and takes commands again', async () => {
  const name = 'setUp-provision-2-1';
  await harness.control('POST', 'faults', { match: { method: 'PUT', id: name }, effect: { hangOperation: true } });
  await begin(name);
  await deleteResource(harness, plannedResource(harness.ref, 'virtualMachine').id);
  await createResource(harness, 'virtualMachine', {}, true);
  // its interface was deleted with it and is recreated
  expect(await harness.sent('PUT', /networkInterfaces\/nic-k3x9a0q7$/i)).toHaveLength(2);
  const { id } = await begin('setUp-provision-2-2');
  const ended = await failureOf(untilDone(harness.activities.observeJumpboxCommand, { id, command: 'setUp' as const }));
  expect(ended.message).toMatch(/^setUp on the jumpbox: /);
});
