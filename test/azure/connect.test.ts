import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectAzure } from '../../src/azure/connect.ts';
import { belongsTo } from '../../src/azure/guard.ts';
import { startWorld } from '../activities/support.ts';
import type { World } from '../activities/support.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

test('An emulator whose endpoint is Azure’s is refused.', () => {
  const target = { kind: 'emulator', endpoint: 'https://management.azure.com', ca: '', timeScale: 1 } as const;
  expect(() => connectAzure(target, [])).toThrow('is Azure, not an emulator');
});

test('A subscription that is not configured is refused.', () => {
  expect(() => world.azure.clients('11111111-2222-3333-4444-555555555555')).toThrow('is not configured');
});

test('The emulator’s clock is the faster one, Azure’s is told in real seconds.', () => {
  expect(world.azure.pace(500)).toBe(100);
  expect(connectAzure({ kind: 'azure' }, []).pace(5)).toBe(5000);
});

test('Nothing is sent to another host than Azure Resource Manager, so the token stays with it.', async () => {
  const sent = world.azure.generic.send('GET', 'https://example.com/subscriptions', '2022-12-01');
  await expect(sent).rejects.toThrow('refused to send to example.com');
});

test('Cancelling the work cancels its requests.', async () => {
  const aborted = AbortSignal.abort();
  const { azure, site } = world;
  const { resourceGroups } = azure.clients(site.subscriptionId).resources;
  await expect(azure.cancelledWith(aborted, () => resourceGroups.get('rg-moat-none'))).rejects.toThrow(/abort/i);
});

test.each([
  ['https://management.azure.com:443/subscriptions/x', true],
  ['/subscriptions/x', true],
  ['https://westus2.management.azure.com/subscriptions/x', true],
  ['https://management.azure.com.example.com/', false],
  ['http://management.azure.com/', false],
  ['https://management.azure.com:8443/', false],
])('Whether %s belongs to Azure Resource Manager: %s', (url, expected) => {
  expect(belongsTo('https://management.azure.com', url)).toBe(expected);
});
