import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../src/emulator/arm/model.ts';
import { Azure, workspaceBody } from './servicesHarness.ts';

const location = 'westus2';
let azure: Azure;
const id = (path: string): string => `${azure.groupId('rg-l')}/providers/Microsoft.${path}`;

beforeAll(async () => {
  azure = await Azure.start();
  await azure.putResource(azure.groupId('rg-l'), { location });
});
afterAll(() => azure.stop());

const account = { location, kind: 'StorageV2', sku: { name: 'Standard_LRS' }, properties: {} };
const vault = (): JsonObject => ({
  location,
  properties: {
    tenantId: azure.emulator.tenantId,
    sku: { family: 'A', name: 'standard' },
    enableRbacAuthorization: true,
  },
});

test.each(['windowsalgo', 'stxbox1', 'loginscore', 'amicrosoftb'])(
  'the reserved word in %s is refused',
  async (name) => {
    const refused = await azure.send('put', id(`Storage/storageAccounts/${name}`), account);
    expect([refused.status, refused.code, refused.message]).toEqual([
      400,
      'ReservedResourceName',
      `The resource name '${name}' or a part of the name is a trademarked or reserved word.`,
    ]);
  },
);

test('a zone of Windows hosts and a name with login inside are fine', async () => {
  const zone = id('Network/privateDnsZones/privatelink.blob.core.windows.net');
  expect((await azure.send('put', zone, { location: 'global' })).status).toBeLessThan(300);
  expect((await azure.send('put', id('Storage/storageAccounts/stlogin1'), account)).status).toBeLessThan(300);
});

test('a vault name that somebody else has is taken, and no deleted vault is listed', async () => {
  await azure.object('vaultTaken:kv-taken', true);
  const refused = await azure.send('put', id('KeyVault/vaults/kv-taken'), vault());
  expect([refused.status, refused.code]).toEqual([409, 'VaultAlreadyExists']);
  expect(refused.message).toMatch(/recently deleted .* recoverable state/);
  const listed = await azure.send(
    'get',
    `/subscriptions/${azure.subscriptionId}/providers/Microsoft.KeyVault/deletedVaults`,
  );
  expect(listed.body).toEqual({ value: [] });
});

test('the name of a deleted storage account is held for a while', async () => {
  await azure.object('storageNameHeldSeconds', 600);
  const held = id('Storage/storageAccounts/stheld1');
  await azure.putResource(held, account);
  await azure.send('delete', held);
  expect(await azure.send('put', held, account)).toMatchObject({ status: 409, code: 'StorageAccountAlreadyTaken' });
  await expect.poll(async () => (await azure.send('put', held, account)).status).toBe(202);
});

test('a lock of the subscription is listed and effective', async () => {
  const lock = `/subscriptions/${azure.subscriptionId}/providers/Microsoft.Authorization/locks/keep`;
  await azure.putResource(id('Storage/storageAccounts/stlock1'), account);
  await azure.send('put', lock, { properties: { level: 'CanNotDelete' } });
  const { body } = await azure.send('get', lock.slice(0, lock.lastIndexOf('/')));
  expect(body['value']).toMatchObject([{ id: lock }]);
  expect(await azure.send('delete', id('Storage/storageAccounts/stlock1'))).toMatchObject({ code: 'ScopeLocked' });
  await azure.send('delete', lock);
});

test('a machine that finds no capacity keeps its interface reserved for 180 seconds', async () => {
  const network = id('Network/virtualNetworks/vnet-n');
  const addressSpace = { addressPrefixes: ['10.0.0.0/16'] };
  const subnets = [{ name: 'a', properties: { addressPrefix: '10.0.0.0/24' } }];
  await azure.putResource(network, { location, properties: { addressSpace, subnets } });
  const nic = id('Network/networkInterfaces/nic-n');
  const ipConfigurations = [{ name: 'ip', properties: { subnet: { id: `${network}/subnets/a` } } }];
  await azure.putResource(nic, { location, properties: { ipConfigurations } });
  const match = { method: 'PUT', type: 'Microsoft.Compute/virtualMachines' };
  const effect = { status: 409, code: 'SkuNotAvailable', message: 'Capacity Restrictions' };
  await azure.send('post', '/_emulator/faults', { match, effect });
  await azure.send('put', id('Compute/virtualMachines/vm-n'), {
    location,
    properties: { networkProfile: { networkInterfaces: [{ id: nic }] } },
  });
  const refused = await azure.send('delete', nic);
  expect([refused.status, refused.code]).toEqual([400, 'NicReservedForAnotherVm']);
  expect(refused.message).toContain('for 180 seconds');
  await expect.poll(async () => (await azure.send('delete', nic)).status).toBe(202);
});

test('a workspace gets datastores by key or by identity, and not those that are missing', async () => {
  const on = await azure.createWorkspaceDependencies('rg-d', 'lev1');
  const at = (name: string): string =>
    `${azure.groupId('rg-d')}/providers/Microsoft.MachineLearningServices/workspaces/${name}`;
  const credentials = async (name: string): Promise<unknown> =>
    ((await azure.send('get', `${at(name)}/datastores/workspaceblobstore`)).body['properties'] as JsonObject)?.[
      'credentials'
    ];
  await azure.putResource(at('mlw-key'), workspaceBody(on));
  await azure.putResource(at('mlw-id'), workspaceBody(on, { systemDatastoresAuthMode: 'identity' }));
  expect([await credentials('mlw-key'), await credentials('mlw-id')]).toEqual([
    { credentialsType: 'AccountKey' },
    { credentialsType: 'None' },
  ]);
  await azure.object('datastoresMissing', ['workspaceblobstore']);
  await azure.putResource(at('mlw-none'), workspaceBody(on));
  const own = `${at('mlw-none')}/datastores/workspaceblobstore`;
  expect((await azure.send('get', own)).status).toBe(404);
  expect(
    (
      await azure.send('put', own, {
        properties: { datastoreType: 'AzureBlob', accountName: 'stlev1', containerName: 'c' },
      })
    ).status,
  ).toBe(201);
});

test('connections of others are left over on a storage account', async () => {
  const target = id('Storage/storageAccounts/stconn1');
  await azure.putResource(target, account);
  await azure.object(`connections:${target.toLowerCase()}`, [{ status: 'Disconnected', description: 'old' }]);
  const { body } = await azure.send('get', target);
  expect((body['properties'] as JsonObject)['privateEndpointConnections']).toMatchObject([
    { properties: { privateLinkServiceConnectionState: { status: 'Disconnected', description: 'old' } } },
  ]);
});

test('a type can lack an api-version or a region; what is sent is refused as it is listed', async () => {
  const nsg = id('Network/networkSecurityGroups/nsg-v');
  await azure.object('apiVersions:microsoft.network/networksecuritygroups', ['2024-05-01']);
  expect(await azure.send('put', nsg, { location })).toMatchObject({ status: 400, code: 'NoRegisteredProviderFound' });
  expect((await azure.send('put', nsg, { location }, { 'api-version': '2024-05-01' })).status).toBe(201);
  const path = `/subscriptions/${azure.subscriptionId}/providers/Microsoft.Network`;
  const { body } = await azure.send('get', path);
  const types = body['resourceTypes'] as { resourceType: string; apiVersions: string[] }[];
  expect(types.find(({ resourceType }) => resourceType === 'networkSecurityGroups')?.apiVersions).toEqual([
    '2024-05-01',
  ]);
  await azure.object('offered:microsoft.network/virtualnetworks', ['East US']);
  const refused = await azure.send('put', id('Network/virtualNetworks/vnet-v'), {
    location,
    properties: { addressSpace: { addressPrefixes: ['10.1.0.0/16'] } },
  });
  expect(refused).toMatchObject({ status: 409, code: 'LocationNotAvailableForResourceType' });
});
