import { afterAll, beforeAll, expect, test } from 'vitest';
import { probeDirectly } from '../../src/azure/probe.ts';
import { startWorld } from '../activities/emulatorWorld.ts';
import type { World } from '../activities/emulatorWorld.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

test('A closed port is reported as refused, with its address.', async () => {
  const result = await probeDirectly('https://127.0.0.1:1/');
  expect(result).toEqual({ addresses: ['127.0.0.1'], status: null, body: null, error: 'refused' });
});

test('An untrusted certificate is reported as a TLS error.', async () => {
  const result = await probeDirectly(world.connection.endpoint);
  expect(result).toMatchObject({ status: null, error: 'tls' });
});

test('From outside the emulated network an unknown name does not resolve.', async () => {
  const result = await world.azure.outside('https://unknown.azurecr.io/v2/');
  expect(result).toEqual({ addresses: [], status: null, body: null, error: 'nxdomain' });
});
