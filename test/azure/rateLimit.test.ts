import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmulatorHarness } from '../activities/emulatorHarness.ts';
import type { EmulatorHarness } from '../activities/emulatorHarness.ts';

let harness: EmulatorHarness;
beforeAll(async () => {
  harness = await startEmulatorHarness({ timeScale: 1 / 10 });
  await harness.control('PUT', 'throttling', { enabled: true });
});
afterAll(() => harness.close());

test('Twice as many reads as ARM’s bucket holds are delayed, and none is throttled.', async () => {
  const { resourceGroups } = harness.azure.clients(harness.ref.subscriptionId).resources;
  const statusOf = async () =>
    resourceGroups.get('rg-moat-none').then(
      () => 200,
      (error: unknown) => harness.azure.errorOf(error).status,
    );
  const statuses = await Promise.all(Array.from({ length: 500 }, statusOf));
  expect(new Set(statuses)).toEqual(new Set([404]));
  expect(await harness.control('GET', 'throttling')).toMatchObject({ refused: 0 });
});

test('A read cancelled while it waits does not block the others.', async () => {
  const { azure, ref } = harness;
  const { resourceGroups } = azure.clients(ref.subscriptionId).resources;
  const stop = new AbortController();
  const behalf = { signal: stop.signal, correlationId: randomUUID() };
  const sent = Array.from({ length: 300 }, () =>
    azure.withRequestContext(behalf, () => resourceGroups.get('rg-moat-none')).catch(() => undefined),
  );
  stop.abort();
  await Promise.all(sent);
  await expect(resourceGroups.get('rg-moat-none')).rejects.toMatchObject({ statusCode: 404 });
});
