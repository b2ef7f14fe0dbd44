import { afterAll, beforeAll, expect, test } from 'vitest';
import { probeDirectly } from '../../src/azure/probe.ts';
import { startWorld } from '../activities/emulatorWorld.ts';
import type { World } from '../activities/emulatorWorld.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

test('A door that nobody opens is seen as refused, with where it is.', async () => {
  const seen = await probeDirectly('https://127.0.0.1:1/');
  expect(seen).toEqual({ addresses: ['127.0.0.1'], status: null, body: null, error: 'refused' });
});

test('A host whose certificate nobody vouches for is seen as that.', async () => {
  const seen = await probeDirectly(world.connection.endpoint);
  expect(seen).toMatchObject({ status: null, error: 'tls' });
});

test('From outside the emulated network an unknown name is unknown.', async () => {
  const seen = await world.azure.outside('https://nobody.azurecr.io/v2/');
  expect(seen).toEqual({ addresses: [], status: null, body: null, error: 'nxdomain' });
});
