import { CancelledFailure } from '@temporalio/common';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { attempt, failureOf, startEmulatorHarness, activityEnvironment } from './emulatorHarness.ts';
import type { EmulatorHarness } from './emulatorHarness.ts';

let harness: EmulatorHarness;
beforeAll(async () => {
  harness = await startEmulatorHarness();
});
beforeEach(() => harness.control('DELETE', 'faults'));
afterAll(() => harness.close());

/** A read is sent four times before it counts as failed. */
const fault = (effect: object, times = 4) =>
  harness.control('POST', 'faults', { match: { method: 'GET', id: 'rg-moat-' }, effect, times });
const list = (info: object = {}) => attempt(harness.activities.listGroup, { ref: harness.ref }, info);

test('Throttling has a retry delay, is benign, and never exhausts the attempts.', async () => {
  await fault({ status: 429, code: 'TooManyRequests', headers: { 'retry-after': '17' } });
  const failure = await failureOf(list({ heartbeatDetails: { attempts: { Throttled: 1000 } } }));
  expect(failure).toMatchObject({ type: 'Throttled', nonRetryable: false, nextRetryDelay: 17_000, category: 'BENIGN' });
});

test('A failure inside Azure is final at the tenth attempt.', async () => {
  await fault({ status: 503, code: 'ServiceUnavailable', message: 'later' }, 8);
  expect(
    await failureOf(list({ heartbeatDetails: { attempts: { Transient: 8, NotYetConsistent: 40 } } })),
  ).toMatchObject({
    type: 'Transient',
    nonRetryable: false,
    nextRetryDelay: 30_000,
  });
  expect(await failureOf(list({ heartbeatDetails: { attempts: { Transient: 9 } } }))).toMatchObject({
    type: 'Transient',
    nonRetryable: true,
  });
});

test('The attempt count is passed to the next attempt.', async () => {
  const env = activityEnvironment({ heartbeatDetails: { attempts: { Transient: 3 } } });
  const beats: unknown[] = [];
  env.on('heartbeat', (details: unknown) => beats.push(details));
  await fault({ reset: true });
  await failureOf(env.run(harness.activities.listGroup, { ref: harness.ref }));
  expect(beats.at(-1)).toEqual({ attempts: { Transient: 4 }, tried: 1 });
});

test('A failure has ARM’s code, a remedy and the correlation id, and is short.', async () => {
  await fault({ status: 403, code: 'AuthorizationFailed', message: 'x'.repeat(5000) });
  const failure = await failureOf(list());
  expect(failure).toMatchObject({ type: 'Forbidden', nonRetryable: true });
  expect(failure.detail).toMatchObject({
    code: 'AuthorizationFailed',
    remedy: expect.stringContaining('az role') as string,
  });
  expect(failure.detail.correlationId).toMatch(/^[0-9a-f-]{36}$/);
  expect(Buffer.byteLength(failure.message)).toBe(800);
});

test('The signature of a status URL is not part of a failure.', async () => {
  const message = 'To retrieve status use uri: https://management.azure.com/operations/1?t=2&c=cert&s=secret today';
  await fault({ status: 409, code: 'AnotherOperationInProgress', message });
  const failure = await failureOf(list());
  expect(failure.message).toBe('To retrieve status use uri: https://management.azure.com/operations/1 today');
  expect(failure.detail.message).toBe(failure.message);
});

test('A cancelled activity ends as cancelled and aborts its request.', async () => {
  await fault({ delaySeconds: 100_000 });
  const env = activityEnvironment();
  const run = env.run(harness.activities.listGroup, { ref: harness.ref });
  env.cancel();
  await expect(run).rejects.toBeInstanceOf(CancelledFailure);
});

test('An error of Moat’s own is final.', async () => {
  const ref = { ...harness.ref, subscriptionId: '11111111-2222-3333-4444-555555555555' };
  const failure = await failureOf(attempt(harness.activities.listGroup, { ref }));
  expect(failure).toMatchObject({ type: 'Unknown', nonRetryable: true });
  expect(failure.message).toContain('is not configured');
});

test('An operation that does not end is Stuck after its timeout, and not before.', async () => {
  const id = `/subscriptions/${harness.ref.subscriptionId}/resourceGroups/rg-moat-churn1/providers/Microsoft.Network/virtualNetworks/vnet-x`;
  const busy = { status: 409, code: 'AnotherOperationInProgress', message: 'another operation' };
  const poll = async (busyForMs: number, lateness: object = {}) => {
    await harness.control('POST', 'faults', { match: { method: 'GET', id: 'vnet-x' }, effect: busy });
    const heartbeatDetails = { attempts: {}, busySince: Date.now() - busyForMs, ...lateness };
    return failureOf(attempt(harness.activities.observeDeletion, { id, token: null }, { heartbeatDetails }));
  };
  expect(await poll(50_000)).toMatchObject({ type: 'Busy', nonRetryable: false });
  // polls that waited for a worker do not count
  expect(await poll(70_000, { lateMs: 15_000 })).toMatchObject({ type: 'Busy' });
  expect(await poll(70_000, { dueAt: Date.now() - 15_000 })).toMatchObject({ type: 'Busy' });
  const stuck = await poll(70_000);
  expect(stuck).toMatchObject({ type: 'Stuck', nonRetryable: true });
  expect(stuck.detail.message).toContain('another operation; not finished within 30 minutes');
  expect(stuck.detail.remedy).not.toBe('');
});
