import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connectAzure } from '../../src/azure/connectAzure.ts';
import { belongsTo } from '../../src/azure/endpointPolicy.ts';
import { startEmulatorHarness } from '../activities/emulatorHarness.ts';
import type { EmulatorHarness } from '../activities/emulatorHarness.ts';

let harness: EmulatorHarness;
beforeAll(async () => {
  harness = await startEmulatorHarness();
});
afterAll(() => harness.close());

test('An emulator with Azure’s endpoint is rejected.', () => {
  const target = { kind: 'emulator', endpoint: 'https://management.azure.com', ca: '', timeScale: 1 } as const;
  expect(() => connectAzure(target, [])).toThrow('is Azure, not an emulator');
});

test('A subscription that is not configured is rejected.', () => {
  expect(() => harness.azure.clients('11111111-2222-3333-4444-555555555555')).toThrow('is not configured');
});

test('Delays are scaled for the emulator and real for Azure.', () => {
  expect(harness.azure.delayMs(500)).toBe(100);
  expect(connectAzure({ kind: 'azure' }, []).delayMs(5)).toBe(5000);
});

test('Nothing is sent to another host than ARM, so the token stays with it.', async () => {
  const sent = harness.azure.generic.send('GET', 'https://example.com/subscriptions', '2022-12-01');
  await expect(sent).rejects.toThrow('refused to send to example.com');
});

const correlationId = '3a1c2b7e-0f6d-4a55-9b1e-2d1c0f9a8b77';
const putGroup = () =>
  harness.azure
    .clients(harness.ref.subscriptionId)
    .resources.resourceGroups.createOrUpdate('rg-moat-behalf', { location: 'westus2' });

test('A cancelled activity sends nothing more.', async () => {
  const { azure, ref, sent } = harness;
  const behalf = { signal: AbortSignal.abort(), correlationId };
  const { resourceGroups } = azure.clients(ref.subscriptionId).resources;
  await expect(azure.withRequestContext(behalf, () => resourceGroups.get('rg-moat-none'))).rejects.toThrow(/abort/i);
  await expect(azure.withRequestContext(behalf, putGroup)).rejects.toThrow(/abort/i);
  expect(await sent('PUT', /rg-moat-behalf/)).toEqual([]);
});

test('A write in flight is awaited after cancellation, and carries the correlation id.', async () => {
  await harness.control('POST', 'faults', {
    match: { method: 'PUT', id: 'rg-moat-behalf' },
    effect: { delaySeconds: 300 / (1000 * harness.connection.timeScale) },
  });
  const stop = new AbortController();
  const writing = harness.azure.withRequestContext({ signal: stop.signal, correlationId }, putGroup);
  await vi.waitUntil(async () => (await harness.sent('PUT', /rg-moat-behalf/)).length === 1);
  stop.abort();
  expect((await writing).name).toBe('rg-moat-behalf');
  expect(await harness.sent('PUT', /rg-moat-behalf/)).toMatchObject([{ status: 201, correlationId }]);
});

test.each([
  ['https://management.azure.com:443/subscriptions/x', true],
  ['/subscriptions/x', true],
  ['https://westus2.management.azure.com/subscriptions/x', true],
  ['https://management.azure.com.example.com/', false],
  ['http://management.azure.com/', false],
  ['https://management.azure.com:8443/', false],
])('Whether %s belongs to ARM: %s', (url, expected) => {
  expect(belongsTo('https://management.azure.com', url)).toBe(expected);
});
