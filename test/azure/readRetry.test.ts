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
