import { afterAll, beforeAll, expect, test } from 'vitest';
import { plannedResource, plannedResources } from '../../src/domain/resources.ts';
import type { ResourceKey } from '../../src/domain/resourceKeys.ts';
import { specOf } from '../workflows/fixtures.ts';
import { attempt, createResource, startEmulatorHarness } from './emulatorHarness.ts';
import type { EmulatorHarness } from './emulatorHarness.ts';

let harness: EmulatorHarness;
beforeAll(async () => {
  harness = await startEmulatorHarness();
});
afterAll(() => harness.close());

/** What the workflow `plan` does, and the requests that could change something. */
async function plan() {
  const { activities, ref } = harness;
  const spec = specOf('churn1', { suffix: ref.suffix });
  await harness.control('DELETE', 'requests');
  const { findings, inventory } = await attempt(activities.preflight, { ref, spec, specHash: 'h1' });
  const existing = await attempt(activities.compareResources, { ref, spec, inventory });
  const sent = (await harness.control('GET', 'requests')) as { method: string; path: string }[];
  const changing = sent.filter(
    ({ method, path }) => method !== 'POST' || !/\/(checkPolicyRestrictions|check\w*NameAvailability)$/i.test(path),
  );
  return { findings, existing, changing };
}

test('A plan of a new environment finds nothing that exists, and writes nothing.', async () => {
  const { findings, existing, changing } = await plan();
  expect(findings.length).toBeGreaterThan(0);
  expect(existing).toEqual({});
  expect(changing).toEqual([]);
});

test('A plan of an environment of which only the group exists adopts the group, and writes nothing.', async () => {
  const { activities, ref } = harness;
  await attempt(activities.ensureGroup, { ref, tags: { environment: 'churn1', spec: 'h1' } });
  const { findings, existing, changing } = await plan();
  expect(findings.map(({ rule }) => rule)).not.toContain('SEAL');
  expect(existing).toEqual({});
  expect(changing).toEqual([]);
});

test('A plan of an existing environment says what is adopted, changed and created, and writes nothing.', async () => {
  const { activities, ref } = harness;
  await attempt(activities.ensureGroup, { ref, tags: { environment: 'churn1' } });
  const created: ResourceKey[] = ['networkSecurityGroup', 'natAddress', 'natGateway', 'virtualNetwork'];
  for (const key of created) await createResource(harness, key);
  for (const key of ['storageAccount', 'zone:privatelink.blob.core.windows.net'] as const)
    await createResource(harness, key);
  for (const key of ['privateEndpoint:blob', 'zoneGroup:blob', 'networkInterface', 'identity'] as const)
    await createResource(harness, key);
  await createResource(harness, 'virtualMachine', { vmSize: 'Standard_D4s_v5', diskGb: 128 });
  await openStorageAccount();

  const { existing, changing } = await plan();
  expect(existing).toEqual({
    ...Object.fromEntries(created.map((key) => [key, 'adopt'])),
    storageAccount: 'change',
    'zone:privatelink.blob.core.windows.net': 'adopt',
    'privateEndpoint:blob': 'adopt',
    'zoneGroup:blob': 'adopt',
    networkInterface: 'adopt',
    identity: 'adopt',
    // it keeps its size
    virtualMachine: 'adopt',
    disk: 'adopt',
  });
  expect(changing).toEqual([]);
  expect(plannedResources(ref).length).toBeGreaterThan(Object.keys(existing).length);
});

/** As a person would, by hand: anybody may reach it. */
async function openStorageAccount(): Promise<void> {
  const { azure, ref } = harness;
  const { id } = plannedResource(ref, 'storageAccount');
  const body = { properties: { publicNetworkAccess: 'Enabled' } };
  await azure.generic.send('PATCH', id, '2024-01-01', { body });
}
