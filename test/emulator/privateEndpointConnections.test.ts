import { beforeAll, expect, test } from 'vitest';
import { location, useArm } from './armHarness.ts';

const arm = useArm('links');
const net = 'Microsoft.Network';
const endpointId = (name: string): string => arm.id(`${net}/privateEndpoints`, name);
const guid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';

const storage = (): string => arm.id('Microsoft.Storage/storageAccounts', 'stlinks1');
const vault = (): string => arm.id('Microsoft.KeyVault/vaults', 'kvlinks1');
const registry = (): string => arm.id('Microsoft.ContainerRegistry/registries', 'crlinks1');
const workspace = (): string => arm.id('Microsoft.MachineLearningServices/workspaces', 'mlwlinks1');
const subnet = (): string => `${arm.id(`${net}/virtualNetworks`, 'vnet')}/subnets/s`;

beforeAll(async () => {
  const subnets = [{ name: 's', properties: { addressPrefix: '10.0.0.0/24' } }];
  const addressSpace = { addressPrefixes: ['10.0.0.0/16'] };
  await arm.put(arm.id(`${net}/virtualNetworks`, 'vnet'), { location, properties: { addressSpace, subnets } });
  const vaultProperties = {
    tenantId: arm.emulator.tenantId,
    sku: { family: 'A', name: 'standard' },
    accessPolicies: [],
  };
  await arm.put(vault(), { location, properties: vaultProperties });
  await arm.put(registry(), { location, sku: { name: 'Premium' }, properties: {} });
  await arm.put(storage(), { location, sku: { name: 'Standard_LRS' }, kind: 'StorageV2', properties: {} });
  while ((await arm.untilSettled(storage())).status !== 200);
  await arm.send('PUT', workspace(), {
    location,
    identity: { type: 'SystemAssigned' },
    properties: { storageAccount: storage(), keyVault: vault() },
  });
  while ((await arm.untilSettled(workspace())).status !== 200);
});

const manual = 'manualPrivateLinkServiceConnections';
const automatic = 'privateLinkServiceConnections';

/** Creates a private endpoint and returns the connection that its target has with it. */
// oxlint-disable-next-line typescript/no-explicit-any -- a reply's body
async function connect(name: string, target: string, group: string, kind = automatic): Promise<any> {
  const links = [{ name: 'link', properties: { privateLinkServiceId: target, groupIds: [group] } }];
  for (;;) {
    const sent = await arm.send('PUT', endpointId(name), {
      location,
      properties: { subnet: { id: subnet() }, [kind]: links },
    });
    if (sent.status < 300) break;
  }
  await arm.untilSettled(endpointId(name));
  const { value } = (await arm.send('GET', `${target}/privateEndpointConnections`)).body;
  return value.find((one: { properties: { privateEndpoint: { id: string } } }) =>
    one.properties.privateEndpoint.id.endsWith(`/${name}`),
  );
}

const stateOf = (body: { properties: Record<string, unknown> }): unknown =>
  body.properties['privateLinkServiceConnectionState'];
const sideOf = async (name: string, kind = automatic): Promise<unknown> =>
  stateOf((await arm.send('GET', endpointId(name))).body.properties[kind][0]);
const change = (connection: { id: string }, status: string, description?: string) =>
  arm.send('PUT', connection.id, { properties: { privateLinkServiceConnectionState: { status, description } } });

test('each service names a connection and spells its state in its own way', async () => {
  const of = {
    storage: await connect('pe-st', storage(), 'blob'),
    vault: await connect('pe-kv', vault(), 'vault'),
    registry: await connect('pe-cr', registry(), 'registry'),
    workspace: await connect('pe-mlw', workspace(), 'amlworkspace'),
  };
  expect(of.storage.name).toMatch(new RegExp(`^stlinks1\\.${guid}$`));
  expect(of.vault.name).toBe('link');
  expect(of.registry.name).toMatch(/^crlinks1\.[0-9a-f]{32}$/);
  expect(of.workspace.name).toMatch(new RegExp(`^pe-mlw\\.${guid}$`));
  const approved = { status: 'Approved', description: 'Auto-Approved' };
  expect(stateOf(of.storage)).toEqual({ ...approved, actionRequired: 'None' });
  expect(stateOf(of.vault)).toEqual({ status: 'Approved', actionsRequired: 'None' });
  expect(stateOf(of.registry)).toEqual({ ...approved, actionsRequired: 'None' });
  expect(stateOf(of.workspace)).toEqual({ ...approved, actionsRequired: 'None' });
  expect(of.vault.location).toBe(location);
  const embedded = async (target: string) => (await arm.send('GET', target)).body.properties.privateEndpointConnections;
  expect(await embedded(storage())).toEqual([of.storage]);
  expect(await embedded(registry())).toEqual([of.registry]);
  expect(await embedded(workspace())).toEqual([of.workspace]);
  expect(await embedded(vault())).toEqual([{ id: of.vault.id, properties: of.vault.properties }]);
  expect((await arm.send('GET', of.vault.id)).body).toEqual(of.vault);
  expect((await connect('pe-st', storage(), 'blob')).name).toBe(of.storage.name);
});

test('a manual connection is pending, without DNS, until it is approved', async () => {
  const zone = arm.id(`${net}/privateDnsZones`, 'privatelink.table.core.windows.net');
  await arm.put(zone, { location: 'global' });
  const connection = await connect('pe-manual', storage(), 'table', manual);
  expect(stateOf(connection)).toEqual({ status: 'Pending', description: '', actionRequired: 'None' });
  const pending = (await arm.send('GET', endpointId('pe-manual'))).body.properties;
  expect(pending.customDnsConfigs).toEqual([]);
  expect(pending[manual][0]).toMatchObject({
    id: `${endpointId('pe-manual')}/${manual}/link`,
    type: `${net}/privateEndpoints/${manual}`,
  });
  await arm.put(`${endpointId('pe-manual')}/privateDnsZoneGroups/default`, {
    properties: { privateDnsZoneConfigs: [{ name: 't', properties: { privateDnsZoneId: zone } }] },
  });
  expect((await arm.send('GET', `${zone}/A`)).body.value).toEqual([]);
  expect((await change(connection, 'Approved', 'welcome')).status).toBe(200);
  expect(stateOf((await arm.send('GET', connection.id)).body)).toMatchObject({ description: 'welcome' });
  expect(await sideOf('pe-manual', manual)).toEqual({
    status: 'Approved',
    description: 'welcome',
    actionsRequired: 'None',
  });
  expect((await arm.send('GET', `${zone}/A/stlinks1`)).status).toBe(200);
  expect((await arm.send('GET', endpointId('pe-manual'))).body.properties.customDnsConfigs).toHaveLength(1);
});

test('a rejection is seen on both sides; a storage account does not approve what it rejected, a vault does', async () => {
  const account = await connect('pe-reject-st', storage(), 'queue');
  const rejected = await change(account, 'Rejected');
  expect(stateOf(rejected.body)).toEqual({ status: 'Rejected', description: '', actionRequired: 'None' });
  expect(await sideOf('pe-reject-st')).toMatchObject({ status: 'Rejected' });
  expect((await change(account, 'Approved')).status).toBe(400);
  // Another endpoint has the name `link` at this vault.
  const secret = await connect('pe-reject-kv', vault(), 'vault');
  expect(secret.name).toMatch(new RegExp(`^link_${guid}$`));
  expect(stateOf((await change(secret, 'Rejected', 'no')).body)).toEqual({
    status: 'Rejected',
    description: 'no',
    actionsRequired: 'None',
  });
  expect((await change(secret, 'Approved', 'yes')).status).toBe(200);
  expect(await sideOf('pe-reject-kv')).toMatchObject({ status: 'Approved', description: 'yes' });
  expect((await change(secret, 'Sleeping')).status).toBe(400);
  const unknown = { id: `${vault()}/privateEndpointConnections/none` };
  expect((await change(unknown, 'Approved')).status).toBe(404);
});

test('a registry changes a connection in an operation', async () => {
  const connection = await connect('pe-reject-cr', registry(), 'registry', manual);
  expect(stateOf(connection)).toEqual({ status: 'Pending' });
  const accepted = await change(connection, 'Approved', 'welcome');
  expect(accepted.headers).toHaveProperty('azure-asyncoperation');
  expect(accepted.body.properties).toMatchObject({
    provisioningState: 'Updating',
    privateLinkServiceConnectionState: { status: 'Pending' },
  });
  const settled = await arm.untilSettled(connection.id);
  expect(stateOf(settled.body)).toEqual({ status: 'Approved', description: 'welcome' });
  expect(await sideOf('pe-reject-cr', manual)).toMatchObject({ status: 'Approved' });
  expect((await arm.send('DELETE', connection.id)).status).toBe(202);
  expect((await arm.untilSettled(connection.id)).status).toBe(404);
  expect(await sideOf('pe-reject-cr', manual)).toMatchObject({ status: 'Disconnected' });
});

test('a deleted connection leaves the endpoint disconnected, until the endpoint is written again', async () => {
  const connection = await connect('pe-gone', storage(), 'file');
  expect((await arm.send('DELETE', connection.id)).status).toBe(200);
  expect((await arm.send('GET', connection.id)).status).toBe(404);
  expect(await sideOf('pe-gone')).toMatchObject({ status: 'Disconnected' });
  expect((await connect('pe-gone', storage(), 'file')).id).toBe(connection.id);
  expect(await sideOf('pe-gone')).toMatchObject({ status: 'Approved' });
  await arm.send('DELETE', endpointId('pe-gone'));
  await arm.untilSettled(endpointId('pe-gone'));
  expect((await arm.send('GET', connection.id)).status).toBe(404);
});

test('an account has the endpoints of its kind, its website in a numbered zone, and offers them to private endpoints', async () => {
  expect((await arm.send('GET', storage())).body.properties.primaryEndpoints).toEqual({
    dfs: 'https://stlinks1.dfs.core.windows.net/',
    web: 'https://stlinks1.z5.web.core.windows.net/',
    blob: 'https://stlinks1.blob.core.windows.net/',
    queue: 'https://stlinks1.queue.core.windows.net/',
    table: 'https://stlinks1.table.core.windows.net/',
    file: 'https://stlinks1.file.core.windows.net/',
  });
  const { value } = (await arm.send('GET', `${storage()}/privateLinkResources`)).body;
  expect(value.map(({ name }: { name: string }) => name)).toEqual(['blob', 'table', 'queue', 'file', 'web', 'dfs']);
  await connect('pe-web', storage(), 'web');
  expect((await arm.send('GET', endpointId('pe-web'))).body.properties.customDnsConfigs[0].fqdn).toBe(
    'stlinks1.z5.web.core.windows.net',
  );
  const [offer] = (await arm.send('GET', `${registry()}/privateLinkResources`)).body.value;
  expect(offer.properties.requiredMembers).toEqual([`registry_data_${location}`, 'registry']);
});

test('a connection is approved at once only for who may approve it: others request it', async () => {
  const notActions = ['Microsoft.KeyVault/vaults/privateEndpointConnectionsApproval/action'];
  const object = `objects/permissions:${vault().toLowerCase()}`;
  await arm.control('PUT', object, { value: [{ actions: ['*'], notActions }] });
  const links = [{ name: 'link', properties: { privateLinkServiceId: vault(), groupIds: ['vault'] } }];
  const { status, body } = await arm.send('PUT', endpointId('pe-no-right'), {
    location,
    properties: { subnet: { id: subnet() }, [automatic]: links },
  });
  expect([status, body.error.code]).toEqual([403, 'LinkedAuthorizationFailed']);
  expect(stateOf(await connect('pe-no-right', vault(), 'vault', manual))).toMatchObject({ status: 'Pending' });
  await arm.control('DELETE', object);
});
