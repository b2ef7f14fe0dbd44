import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld } from '../activities/emulatorWorld.ts';
import type { World } from '../activities/emulatorWorld.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ timeScale: 1 / 10 });
  await world.control('PUT', 'throttling', { enabled: true });
});
afterAll(() => world.close());

test('Twice as many reads as ARM’s bucket holds are delayed, and none is throttled.', async () => {
  const { resourceGroups } = world.azure.clients(world.ref.subscriptionId).resources;
  const statusOf = async () =>
    resourceGroups.get('rg-moat-none').then(
      () => 200,
      (error: unknown) => world.azure.errorOf(error).status,
    );
  const statuses = await Promise.all(Array.from({ length: 500 }, statusOf));
  expect(new Set(statuses)).toEqual(new Set([404]));
  expect(await world.control('GET', 'throttling')).toMatchObject({ refused: 0 });
});

test('A read cancelled while it waits does not block the others.', async () => {
  const { azure, ref } = world;
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
