import { afterAll, beforeAll, expect, test } from 'vitest';
import { probeDirectly } from '../../src/azure/probe.ts';
import { startEmulatorHarness } from '../activities/emulatorHarness.ts';
import type { EmulatorHarness } from '../activities/emulatorHarness.ts';

let harness: EmulatorHarness;
beforeAll(async () => {
  harness = await startEmulatorHarness();
});
afterAll(() => harness.close());

test('A closed port is reported as refused, with its address.', async () => {
  const result = await probeDirectly('https://127.0.0.1:1/', {});
  expect(result).toEqual({ addresses: ['127.0.0.1'], status: null, body: null, error: 'refused' });
});

test('An untrusted certificate is reported as a TLS error.', async () => {
  const result = await probeDirectly(harness.connection.endpoint, {});
  expect(result).toMatchObject({ status: null, error: 'tls' });
});

test('From outside the emulated network an unknown name does not resolve.', async () => {
  const result = await harness.azure.probeOutside('https://unknown.azurecr.io/v2/');
  expect(result).toEqual({ addresses: [], status: null, body: null, error: 'nxdomain' });
});
