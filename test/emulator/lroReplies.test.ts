import { ManagedServiceIdentityClient } from '@azure/arm-msi';
import { NetworkManagementClient, restorePoller } from '@azure/arm-network';
import { PrivateDnsManagementClient } from '@azure/arm-privatedns';
import { ResourceManagementClient } from '@azure/arm-resources';
import { expect, test } from 'vitest';
import { Arm, send, credential, location, useArm } from './armHarness.ts';
import type { Reply } from './armHarness.ts';

const arm = useArm('wire');

const { id } = arm;

/** Polls one of a reply's URLs until the operation ends. Returns the pending replies and the final one. */
async function follow(
  url: string | undefined,
  running: (answer: Reply) => boolean,
): Promise<[pending: Reply[], last: Reply]> {
  const { pathname, search } = new URL(url ?? '');
  const pending: Reply[] = [];
  for (;;) {
    const answer = await send(arm.emulator, 'GET', pathname + search);
    if (!running(answer)) return [pending, answer];
    pending.push(answer);
  }
}

const inProgress = ({ body }: Reply): boolean => body?.status === 'InProgress';
const accepted = ({ status }: Reply): boolean => status === 202;

const client = (): NetworkManagementClient =>
  new NetworkManagementClient(credential, arm.subscriptionId, arm.clientOptions);

test('a poller of one process can be resumed by another', async () => {
  const first = client();
  const poller = first.networkSecurityGroups.createOrUpdate('wire', 'nsg-handed-over', { location });
  await poller.submitted();
  const token = await poller.serialize();
  const other = client();
  const resumed = restorePoller(other, token, other.networkSecurityGroups.createOrUpdate);
  await resumed.poll();
  while (!resumed.isDone) await resumed.poll();
  expect(resumed.result).toMatchObject({ name: 'nsg-handed-over', provisioningState: 'Succeeded' });
  expect(token).toContain('operations/');
});

test('each SDK creates, reads and deletes its resources', async () => {
  const resources = new ResourceManagementClient(credential, arm.subscriptionId, arm.clientOptions);
  const dns = new PrivateDnsManagementClient(credential, arm.subscriptionId, arm.clientOptions);
  const identities = new ManagedServiceIdentityClient(credential, arm.subscriptionId, arm.clientOptions);
  await resources.resourceGroups.createOrUpdate('sdk', { location: 'West US 2', tags: { a: 'b' } });
  const identity = await identities.userAssignedIdentities.createOrUpdate('sdk', 'uai-1', { location });
  expect(identity.principalId).toMatch(/^[0-9a-f-]{36}$/);
  const zone = dns.privateZones.createOrUpdate('sdk', 'privatelink.azurecr.io', { location: 'global' });
  await zone.poll();
  while (!zone.isDone) await zone.poll();
  expect(zone.result).toMatchObject({ provisioningState: 'Succeeded', numberOfRecordSets: 1 });
  const deletion = resources.resourceGroups.delete('sdk');
  await deletion.poll();
  while (!deletion.isDone) await deletion.poll();
  expect(await resources.resourceGroups.checkExistence('sdk')).toEqual({ body: false });
});

test('a network PUT is 201 with Azure-AsyncOperation alone, a repeated one 200', async () => {
  const nsg = id('Microsoft.Network/networkSecurityGroups', 'nsg-wire');
  const first = await arm.send('PUT', nsg, { location });
  expect(first.status).toBe(201);
  expect(first.headers['azure-asyncoperation']).toMatch(
    /\/providers\/Microsoft\.Network\/locations\/westus2\/operations\/[0-9a-f-]{36}\?api-version=.*&t=.*&c=.*&s=.*&h=/,
  );
  expect(first.headers).toMatchObject({ 'azure-asyncnotification': 'Enabled', 'retry-after': '1' });
  expect(Number(first.headers['x-ms-retry-after-ms'])).toBeGreaterThanOrEqual(20);
  expect(first.headers['location']).toBeUndefined();
  expect(first.body.properties.provisioningState).toBe('Updating');
  const [pending, last] = await follow(first.headers['azure-asyncoperation'], inProgress);
  for (const answer of pending) expect(answer.body).toEqual({ status: 'InProgress' });
  expect(last.body).toEqual({ status: 'Succeeded' });
  expect((await arm.send('PUT', nsg, { location })).status).toBe(200);
  await arm.untilSettled(nsg);
  const deletion = await arm.send('DELETE', nsg);
  expect([deletion.status, deletion.text]).toEqual([202, '']);
  expect(deletion.headers['location']).toContain('/operationResults/');
  expect((await follow(deletion.headers['location'], accepted))[1].status).toBe(204);
  expect((await arm.send('GET', nsg)).status).toBe(404);
  expect((await arm.send('DELETE', nsg)).status).toBe(204);
});

test('a DNS zone PUT is a 202 with an empty object, one of whose URLs names the port', async () => {
  const zone = id('Microsoft.Network/privateDnsZones', 'privatelink.file.core.windows.net');
  const answer = await arm.send('PUT', zone, { location: 'global' });
  expect([answer.status, answer.text]).toEqual([202, '{}']);
  expect(answer.headers['azure-asyncoperation']).toContain(`:${arm.emulator.port}/`);
  const [, last] = await follow(answer.headers['location'], accepted);
  expect(last.body).toMatchObject({ name: 'privatelink.file.core.windows.net', location: 'global' });
});

test('a registry’s operation is found below the registry, that of a vault or log workspace is polled on the resource', async () => {
  const registry = id('Microsoft.ContainerRegistry/registries', 'crwire001');
  const reply = await arm.send('PUT', registry, { location, sku: { name: 'Premium' }, properties: {} });
  expect(reply.status).toBe(201);
  expect(reply.headers['location']).toBeUndefined();
  expect(reply.headers['azure-asyncoperation']).toContain(`${registry}/operationStatuses/registries-`);
  const [, last] = await follow(reply.headers['azure-asyncoperation'], inProgress);
  expect(last.body).toEqual({ status: 'Succeeded' });
  const sku = { family: 'A', name: 'standard' };
  const vault = await arm.send('PUT', id('Microsoft.KeyVault/vaults', 'kvwire001'), {
    location,
    properties: { sku, tenantId: arm.emulator.tenantId, enableRbacAuthorization: true },
  });
  expect([vault.status, vault.body.properties.provisioningState]).toEqual([200, 'RegisteringDns']);
  const logs = await arm.send('PUT', id('Microsoft.OperationalInsights/workspaces', 'log-wire'), { location });
  expect([logs.status, logs.headers['azure-asyncoperation']]).toEqual([201, undefined]);
  expect(logs.headers['location']).toContain('/workspaces/log-wire?api-version=');
});

test('a workspace PUT is an empty 202; status and result have one path, and the final status has a percentage', async () => {
  const storageAccount = id('Microsoft.Storage/storageAccounts', 'stwire002');
  const keyVault = id('Microsoft.KeyVault/vaults', 'kvwire002');
  await arm.put(storageAccount, { location, sku: { name: 'Standard_LRS' }, kind: 'StorageV2', properties: {} });
  const sku = { family: 'A', name: 'standard' };
  await arm.put(keyVault, {
    location,
    properties: { sku, tenantId: arm.emulator.tenantId, enableRbacAuthorization: true },
  });
  const reply = await arm.send('PUT', id('Microsoft.MachineLearningServices/workspaces', 'mlw-wire'), {
    location,
    identity: { type: 'SystemAssigned' },
    properties: { storageAccount, keyVault },
  });
  expect([reply.status, reply.text, reply.headers['retry-after']]).toEqual([202, '', undefined]);
  expect(reply.headers['azure-asyncoperation']).toMatch(/\/workspaceOperationsStatus\/.*type=async/);
  expect(reply.headers['location']).toMatch(/\/workspaceOperationsStatus\/.*type=location/);
  const [pending, last] = await follow(reply.headers['azure-asyncoperation'], inProgress);
  for (const answer of pending) expect(answer.body).toEqual({ status: 'InProgress' });
  expect(last.body).toEqual({ status: 'Succeeded', percentComplete: 100 });
  const [, result] = await follow(reply.headers['location'], accepted);
  expect(result.body).toMatchObject({ name: 'mlw-wire', properties: { provisioningState: 'Succeeded' } });
});

test('a storage account PUT has a Location alone, and ends with the account', async () => {
  const account = id('Microsoft.Storage/storageAccounts', 'stwire001');
  const answer = await arm.send('PUT', account, {
    location,
    sku: { name: 'Standard_LRS' },
    kind: 'StorageV2',
    properties: {},
  });
  expect([answer.status, answer.text]).toEqual([202, '']);
  expect(answer.headers['content-type']).toContain('text/plain');
  expect(answer.headers['azure-asyncoperation']).toBeUndefined();
  expect(answer.headers['location']).toContain('monitor=true');
  const [, last] = await follow(answer.headers['location'], accepted);
  expect(last.body).toMatchObject({ name: 'stwire001', properties: { provisioningState: 'Succeeded' } });
});

test('a group DELETE repeats its Location until everything in it is gone', async () => {
  await arm.put(arm.group('doomed'), { location });
  await arm.put(`${arm.group('doomed')}/providers/Microsoft.Network/networkSecurityGroups/nsg-1`, { location });
  await arm.control('POST', 'faults', { match: { method: 'DELETE' }, effect: { hangOperation: true } });
  const answer = await arm.send('DELETE', arm.group('doomed'));
  expect(answer.status).toBe(202);
  expect((await arm.send('GET', arm.group('doomed'))).body.properties.provisioningState).toBe('Deleting');
  const refused = await arm.send(
    'PUT',
    `${arm.group('doomed')}/providers/Microsoft.Network/networkSecurityGroups/nsg-2`,
    { location },
  );
  expect([refused.status, refused.body.error.code]).toEqual([409, 'ResourceGroupBeingDeleted']);
  const { pathname, search } = new URL(answer.headers['location'] ?? '');
  const pending = await send(arm.emulator, 'GET', pathname + search);
  expect([pending.status, pending.headers['location']]).toEqual([202, expect.stringContaining('/operationresults/')]);
  await arm.control('DELETE', 'faults');
  const last = await send(arm.emulator, 'GET', pathname + search);
  expect([last.status, last.text]).toEqual([200, '']);
  expect((await arm.send('HEAD', arm.group('doomed'))).status).toBe(404);
  expect(
    (await arm.send('GET', `${arm.group('doomed')}/providers/Microsoft.Network/networkSecurityGroups/nsg-1`)).body.error
      .code,
  ).toBe('ResourceGroupNotFound');
});

test('an unknown operation is not found', async () => {
  const answer = await arm.send(
    'GET',
    `${arm.subscription}/providers/Microsoft.Network/locations/westus2/operations/0b7e7f44-0000-4000-8000-000000000000`,
  );
  expect(answer.status).toBe(404);
});

test("at time scale 1 the replies have Azure's headers and no others", async () => {
  const real = await Arm.start({ timeScale: 1 });
  await real.put(real.group('real'), { location });
  const answer = await real.send('PUT', `${real.group('real')}/providers/Microsoft.Network/networkSecurityGroups/nsg`, {
    location,
  });
  expect(answer.headers['retry-after']).toBe('3');
  expect(answer.headers['x-ms-retry-after-ms']).toBeUndefined();
  const { pathname, search } = new URL(answer.headers['azure-asyncoperation'] ?? '');
  expect((await send(real.emulator, 'GET', pathname + search)).headers['retry-after']).toBe('10');
  const zone = `${real.group('real')}/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io`;
  const reply = new URL((await real.send('PUT', zone, { location: 'global' })).headers['azure-asyncoperation'] ?? '');
  const running = await send(real.emulator, 'GET', reply.pathname + reply.search);
  expect([running.status, running.body, running.headers['retry-after']]).toEqual([202, { status: 'InProgress' }, '30']);
  expect(running.headers['azure-asyncoperation']).toContain('/privateDnsOperationStatuses/');
  expect(running.headers['location']).toContain('/privateDnsOperationResults/');
  await real.stop();
});
