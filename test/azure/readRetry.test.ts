import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startEmulatorHarness } from '../activities/emulatorHarness.ts';
import type { EmulatorHarness } from '../activities/emulatorHarness.ts';

let harness: EmulatorHarness;
beforeAll(async () => {
  harness = await startEmulatorHarness();
});
beforeEach(() => harness.control('DELETE', 'faults'));
afterAll(() => harness.close());

const groups = () => harness.azure.clients(harness.ref.subscriptionId).resources.resourceGroups;
const fault = (method: string, effect: object, times: number) =>
  harness.control('POST', 'faults', { match: { method, id: 'rg-reads' }, effect, times });
const status = (sent: Promise<unknown>) =>
  sent.then(
    () => 200,
    (error: unknown) => harness.azure.errorOf(error).status,
  );

test.each([
  ['a broken connection', { reset: true }],
  ['trouble inside Azure', { status: 503 }],
  ['throttling for a moment', { status: 429, headers: { 'retry-after': '1', 'x-ms-retry-after-ms': '20' } }],
])('A read survives %s.', async (_, effect) => {
  await fault('GET', effect, 3);
  expect(await status(groups().get('rg-reads'))).toBe(404);
});

test('A read without an answer fails after four attempts.', async () => {
  await fault('GET', { status: 503 }, 4);
  expect(await status(groups().get('rg-reads'))).toBe(503);
  expect(await status(groups().get('rg-reads'))).toBe(404);
});

test('A long delay is left to Temporal.', async () => {
  await fault('GET', { status: 429, headers: { 'retry-after': '17' } }, 1);
  expect(await status(groups().get('rg-reads'))).toBe(429);
});

test('A write is never retried here.', async () => {
  await fault('PUT', { reset: true }, 1);
  expect(await status(groups().createOrUpdate('rg-reads', { location: 'westus2' }))).toBe(0);
  expect(await status(groups().get('rg-reads'))).toBe(404);
});

test('An absent resource is read once, also by a client that throws Azure’s answer.', async () => {
  const taken = async () => ((await harness.control('GET', 'throttling')) as { taken: number }).taken;
  const { machineLearning } = harness.azure.clients(harness.ref.subscriptionId);
  const before = await taken();
  expect(await status(machineLearning.datastores.get('rg-reads', 'absent', 'absent'))).toBe(404);
  expect((await taken()) - before).toBe(1);
});

test('Trouble inside Azure is survived by such a client, too.', async () => {
  await fault('GET', { status: 503 }, 3);
  const { machineLearning } = harness.azure.clients(harness.ref.subscriptionId);
  expect(await status(machineLearning.datastores.get('rg-reads', 'absent', 'absent'))).toBe(404);
});
