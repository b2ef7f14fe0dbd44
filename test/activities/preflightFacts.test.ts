import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plannedResource } from '../../src/domain/resources.ts';
import type { ResourceKey } from '../../src/domain/resourceKeys.ts';
import { specOf } from '../workflows/fixtures.ts';
import { attempt, startProvisionedHarness } from './emulatorHarness.ts';
import type { EmulatorHarness } from './emulatorHarness.ts';

let harness: EmulatorHarness;
beforeAll(async () => {
  harness = await startProvisionedHarness();
});
afterAll(() => harness.close());

/** The findings about an environment; `churn1` exists without its deployment. */
async function findings(name = 'churn1', suffix = harness.ref.suffix) {
  const ref = { ...harness.ref, name, suffix };
  const found = await attempt(harness.activities.preflight, { ref, spec: specOf(name), specHash: 'h1' });
  return found.findings
    .filter(({ severity }) => severity !== 'assumed')
    .map(({ rule, severity, message }) => `${rule} ${severity}: ${message}`);
}

/** Changes an existing resource as somebody with `az resource update` would, and changes it back. */
async function whileChanged<T>(
  key: ResourceKey,
  apiVersion: string,
  change: Record<string, unknown>,
  work: () => Promise<T>,
): Promise<T> {
  const { generic } = harness.azure;
  const { id } = plannedResource(harness.ref, key);
  const before = (await generic.send('GET', id, apiVersion)) as { properties: object };
  const put = (properties: object) => generic.send('PUT', id, apiVersion, { body: { ...before, properties } });
  await put({ ...before.properties, ...change });
  try {
    return await work();
  } finally {
    await put(before.properties);
  }
}

/** The requests to ARM that are sent during `work`, as `GET /path` in lower case; the emulator's own log has no reads. */
async function requestsDuring(work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const listen = (message: unknown) => {
    const { request } = message as { request: { method: string; path: string } };
    sent.push(`${request.method} ${request.path.split('?')[0]}`.toLowerCase());
  };
  subscribe('http.client.request.start', listen);
  await work().finally(() => unsubscribe('http.client.request.start', listen));
  return sent;
}

test('an environment as Moat made it has no finding, and its resources are read once each', async () => {
  const kinds = ['virtualNetwork', 'workspace', 'registry', 'vault'] as const;
  const reads = kinds.map((key) => `GET ${plannedResource(harness.ref, key).id}`.toLowerCase());
  const sent = await requestsDuring(async () => expect(await findings()).toEqual([]));
  expect(sent.filter((one) => reads.includes(one)).toSorted()).toEqual(reads.toSorted());
});

test('a new environment takes at most 30 requests, none of them a write', async () => {
  const sent = await requestsDuring(async () => expect(await findings('fresh1', 'fresh1')).toEqual([]));
  expect(sent.filter((one) => !one.startsWith('get ') && !one.endsWith('/checknameavailability'))).toEqual([]);
  expect(sent.length).toBeGreaterThan(20);
  expect(sent.length).toBeLessThanOrEqual(30);
});

test('a vault that trusted services cannot pass is found in an existing environment', async () => {
  const networkAcls = { bypass: 'None', defaultAction: 'Deny' };
  expect(await whileChanged('vault', '2024-11-01', { networkAcls }, () => findings())).toEqual([
    expect.stringMatching(/^PF-15 warns: .*networkAcls\.bypass "None", must be AzureServices$/),
  ]);
});

test('DNS servers of the network and a second address range are found', async () => {
  const change = {
    dhcpOptions: { dnsServers: ['10.0.0.4'] },
    addressSpace: { addressPrefixes: ['192.168.0.0/16', '172.16.0.0/12'] },
  };
  expect(await whileChanged('virtualNetwork', '2024-05-01', change, () => findings())).toEqual([
    expect.stringMatching(/^PF-20 warns: .*10\.0\.0\.4/),
    expect.stringMatching(/^PF-27 warns: .*172\.16\.0\.0\/12/),
  ]);
});

test('a region without the api-versions of Moat: older ones are a warning, none at all blocks', async () => {
  const key = 'objects/apiVersions:microsoft.network%2Fvirtualnetworks';
  await harness.control('PUT', key, { value: ['2024-05-01', '2023-09-01'] });
  expect(await findings('fresh1', 'fresh1')).toEqual([
    expect.stringMatching(/^API-VERSION warns: .*virtualNetworks: api-version .* will send 2024-05-01 instead$/),
  ]);
  await harness.control('PUT', key, { value: ['2099-01-01'] });
  expect(await findings('fresh1', 'fresh1')).toEqual([expect.stringMatching(/^API-VERSION blocks: /)]);
  await harness.control('DELETE', key);
});

test('a full network quota blocks a new environment, and not one that has its gateway', async () => {
  await harness.control('PUT', 'objects/quota:network:NatGateways:westus2', { value: 1 });
  expect(await findings('fresh1', 'fresh1')).toEqual([
    expect.stringMatching(/^NETWORK-QUOTA blocks: NatGateways in westus2: usage\/limit: 1\/1$/),
  ]);
  expect(await findings()).toEqual([]);
  await harness.control('DELETE', 'objects/quota:network:NatGateways:westus2');
});
