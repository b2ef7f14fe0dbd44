import { afterAll, beforeAll, expect, test } from 'vitest';
import { createActivities } from '../../src/activities/index.ts';
import type { Azure } from '../../src/azure/connectAzure.ts';
import { groupId, resourceId } from '../../src/domain/naming.ts';
import type { EnvironmentRef } from '../../src/domain/naming.ts';
import { plannedResource } from '../../src/domain/resources.ts';
import {
  attempt,
  failureOf,
  createResource,
  startEmulatorHarness,
  deleteResource,
  untilDone,
} from './emulatorHarness.ts';
import type { EmulatorHarness } from './emulatorHarness.ts';

const respondEmpty = async (): Promise<object> => ({});

/** Another group, whose name only begins like the one of `ref`. */
const foreignRef = (ref: EnvironmentRef): EnvironmentRef => ({ ...ref, name: `${ref.name}2` });

let harness: EmulatorHarness;
beforeAll(async () => {
  harness = await startEmulatorHarness();
  const { activities, azure, ref } = harness;
  await attempt(activities.ensureGroup, { ref, tags: { environment: ref.name } });
  await azure.generic.send('PUT', groupId(foreignRef(ref)), '2021-04-01', { body: { location: ref.location } });
});
afterAll(() => harness.close());

test('A soft-deleted vault of the same name from a foreign group is not purged.', async () => {
  const { activities, azure, ref } = harness;
  const id = await createResource(harness, 'vault');
  await deleteResource(harness, id);
  const other = { ...ref, name: 'other' };
  expect(await attempt(activities.beginVaultPurge, { ref: other })).toMatchObject({ state: 'gone' });
  const { vaults } = azure.clients(ref.subscriptionId).vaults;
  expect((await vaults.getDeleted(id.split('/').at(-1)!, ref.location)).properties?.vaultId).toBe(id);

  const remaining = await attempt(activities.verifyDeleted, { ref, principalId: null });
  expect(remaining).toContain(groupId(ref));
  expect(remaining.some((one) => one.includes('/deletedVaults/'))).toBe(true);

  const { token } = await attempt(activities.beginVaultPurge, { ref });
  await untilDone(activities.observeVaultPurge, { ref, token });
  expect(await attempt(activities.verifyDeleted, { ref, principalId: null })).toEqual([groupId(ref)]);
});

test('T04 A soft-deleted workspace that nobody lists is purged by one DELETE, which is awaited.', async () => {
  const { activities, ref } = harness;
  const { id } = plannedResource(ref, 'workspace');
  const key = `objects/${encodeURIComponent(`deletedWorkspace:${id.toLowerCase()}`)}`;
  await harness.control('PUT', key, { value: Date.now() + 86_400_000 });
  const { token, state } = await attempt(activities.beginDeletion, { ref, id, readFirst: false });
  expect([typeof token, state]).toEqual(['string', 'Deleting']);
  await untilDone(activities.observeDeletion, { id, token });
  const again = await attempt(activities.beginDeletion, { ref, id, readFirst: false });
  expect(again).toMatchObject({ token: null });
});

test('Locks on a group and inside it are listed, and no others.', async () => {
  const { activities, azure, ref } = harness;
  const lockOn = async (scope: string): Promise<string> => {
    const id = `${scope}/providers/Microsoft.Authorization/locks/keep`;
    await azure.generic.send('PUT', id, '2020-05-01', { body: { properties: { level: 'CanNotDelete' } } });
    return id;
  };
  await lockOn(groupId(foreignRef(ref)));
  const ids = [await lockOn(groupId(ref)), await lockOn(await createResource(harness, 'natAddress'))];
  const found = await attempt(activities.listLocks, { ref });
  expect(found.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  for (const { id } of found) await azure.generic.send('DELETE', id, '2020-05-01');
});

test('A subnet in use by a foreign interface is a blocker that names the interface.', async () => {
  const { activities, azure, ref } = harness;
  for (const key of ['networkSecurityGroup', 'natAddress', 'natGateway', 'virtualNetwork'] as const)
    await createResource(harness, key, {}, true);
  const network = resourceId(ref, { type: 'Microsoft.Network/virtualNetworks', name: `vnet-${ref.suffix}` });
  await azure.clients(ref.subscriptionId).network.networkInterfaces.createOrUpdate('rg-moat-churn12', 'nic-of-ana', {
    location: ref.location,
    ipConfigurations: [{ name: 'ipconfig1', subnet: { id: `${network}/subnets/snet-scoring` } }],
  });
  const failure = await failureOf(untilDone(activities.beginDeletion, { ref, id: network, readFirst: false }));
  expect(failure).toMatchObject({ type: 'Blocked', nonRetryable: true });
  expect(failure.detail).toMatchObject({ code: 'InUse', remedy: expect.stringContaining('nic-of-ana') as string });
});

test('Azure’s own connections of deleted deployments are awaited.', async () => {
  const { azure, ref } = harness;
  const own = `${groupId(ref)}/providers/Microsoft.Network/privateEndpoints/ple-k3x9a0q7-st-blob`;
  const connections: object[] = [{ privateEndpoint: { id: own } }];
  const found = async (): Promise<object> => ({ privateEndpointConnections: connections });
  const clients = {
    ...azure.clients(ref.subscriptionId),
    storage: { storageAccounts: { getProperties: respondEmpty } },
    registries: { registries: { get: found } },
  };
  const fakeAzure = { ...azure, clients: () => clients, generic: { send: respondEmpty } } as unknown as Azure;
  const { observeEgressConnections } = createActivities({
    azure: fakeAzure,
    sealKey: 'a key of the tests',
    allowPrivateRepositories: false,
  });
  await attempt(observeEgressConnections, { ref });

  connections.push({
    privateEndpoint: { id: own.replace('rg-moat-churn1', 'azureml-managed') },
    privateLinkServiceConnectionState: {
      status: 'Approved',
      description: 'Egress for Microsoft.MachineLearningServices/workspaces/onlineEndpoints',
    },
  });
  const failure = await failureOf(attempt(observeEgressConnections, { ref }));
  expect(failure).toMatchObject({ type: 'InProgress', nonRetryable: false });
  expect(failure.message).toMatch(/^container registry crk3x9a0q7: 1 private endpoint connections/);
});
