import { afterAll, beforeAll, expect, test } from 'vitest';
import { Arm } from './armKit.ts';

let arm: Arm;
const location = 'westus2';
const net = 'Microsoft.Network';

beforeAll(async () => {
  arm = await Arm.start();
  await arm.put(arm.group('answers'), { location });
});
afterAll(() => arm.stop());

const id = (type: string, name: string): string => `${arm.group('answers')}/providers/${type}/${name}`;
const row = ({ name, properties }: { name: string; properties: Record<string, unknown> }): unknown[] => [
  name,
  properties['priority'],
  properties['direction'],
];
const addressSpace = { addressPrefixes: ['10.0.0.0/16'] };

const denyRule = {
  priority: 100,
  direction: 'Outbound',
  access: 'Deny',
  protocol: '*',
  sourceAddressPrefix: '*',
  sourcePortRange: '*',
  destinationAddressPrefix: 'Internet',
  destinationPortRange: '*',
};

test('a security group answers the default rules, which cannot be put, and refuses a protocol that there is not', async () => {
  const nsg = id(`${net}/networkSecurityGroups`, 'nsg-default');
  await arm.put(nsg, { location });
  const { properties } = (await arm.ask('GET', nsg)).body;
  expect(properties.defaultSecurityRules.map(row)).toEqual([
    ['AllowVnetInBound', 65000, 'Inbound'],
    ['AllowAzureLoadBalancerInBound', 65001, 'Inbound'],
    ['DenyAllInBound', 65500, 'Inbound'],
    ['AllowVnetOutBound', 65000, 'Outbound'],
    ['AllowInternetOutBound', 65001, 'Outbound'],
    ['DenyAllOutBound', 65500, 'Outbound'],
  ]);
  expect((await arm.ask('GET', `${nsg}/defaultSecurityRules`)).body.value).toEqual(properties.defaultSecurityRules);
  const one = `${nsg}/defaultSecurityRules/denyalloutbound`;
  expect((await arm.ask('GET', one)).body).toMatchObject({
    name: 'DenyAllOutBound',
    type: `${net}/networkSecurityGroups/defaultSecurityRules`,
    properties: { access: 'Deny', sourceAddressPrefix: '*', provisioningState: 'Succeeded' },
  });
  expect((await arm.ask('PUT', one, { properties: denyRule })).status).toBe(405);
  expect((await arm.ask('DELETE', one)).status).toBe(405);
  const refused = await arm.ask('PUT', `${nsg}/securityRules/odd`, { properties: { ...denyRule, protocol: 'Sctp' } });
  expect([refused.status, refused.body.error.code]).toEqual([400, 'SecurityRuleInvalidProtocol']);
});

test('a security group that is sent back as it was read forgets whom it filtered', async () => {
  const nsg = id(`${net}/networkSecurityGroups`, 'nsg-back');
  await arm.put(nsg, { location, properties: { securityRules: [{ name: 'one', properties: denyRule }] } });
  const network = (filter: object): object => ({
    location,
    properties: { addressSpace, subnets: [{ name: 's', properties: { addressPrefix: '10.0.0.0/24', ...filter } }] },
  });
  await arm.put(id(`${net}/virtualNetworks`, 'vnet-back'), network({ networkSecurityGroup: { id: nsg } }));
  const read = (await arm.ask('GET', nsg)).body;
  expect(read.properties.subnets).toHaveLength(1);
  expect(read.properties.securityRules[0].properties).toMatchObject({
    sourceAddressPrefixes: [],
    sourcePortRanges: [],
    destinationAddressPrefixes: [],
  });
  await arm.put(nsg, read);
  await arm.put(id(`${net}/virtualNetworks`, 'vnet-back'), network({}));
  const now = (await arm.ask('GET', nsg)).body.properties;
  expect(now).not.toHaveProperty('subnets');
  expect(now.securityRules).toHaveLength(1);
});

test('a network resource tells its zones, its GUID and its entity tag, and keeps the first two', async () => {
  const address = id(`${net}/publicIPAddresses`, 'pip-zones');
  const body = { location, sku: { name: 'Standard' }, properties: { publicIPAllocationMethod: 'Static' } };
  await arm.put(address, { ...body, zones: ['1', '2'] });
  const first = await arm.ask('GET', address);
  expect(first.body.zones).toEqual(['1', '2']);
  expect(first.body.properties.resourceGuid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(first.headers['etag']).toBe(first.body.etag);
  await arm.put(address, { ...body, zones: ['1', '2'], tags: { a: 'b' } });
  const second = await arm.ask('GET', address);
  expect(second.headers['etag']).not.toBe(first.headers['etag']);
  expect(second.body.properties.resourceGuid).toBe(first.body.properties.resourceGuid);
  const codeOf = async (name: string, zones: string[]): Promise<string> =>
    (await arm.ask('PUT', id(`${net}/publicIPAddresses`, name), { ...body, zones })).body.error.code;
  expect(await codeOf('pip-zones', ['3'])).toBe('ResourceAvailabilityZonesCannotBeModified');
  expect(await codeOf('pip-nowhere', ['4'])).toBe('AvailabilityZoneNotSupported');
});

const bearer = (appid: string): Record<string, string> => ({
  authorization: `Bearer e30.${Buffer.from(JSON.stringify({ appid, oid: appid })).toString('base64url')}.x`,
});

test('who made a resource, and who changed it last, is told', async () => {
  const registry = id('Microsoft.ContainerRegistry/registries', 'acranswers1');
  await arm.ask('PUT', registry, { location, sku: { name: 'Premium' } }, bearer('maker'));
  await arm.settled(registry);
  await arm.ask('PATCH', registry, { tags: { a: 'b' } }, bearer('changer'));
  expect((await arm.ask('GET', registry)).body.systemData).toMatchObject({
    createdBy: 'maker',
    lastModifiedBy: 'changer',
  });
});

test('a vault is made with 200, and refused without tenant or with a SKU that there is not', async () => {
  const vault = id('Microsoft.KeyVault/vaults', 'kvanswers1');
  const properties = { tenantId: arm.subscriptionId, sku: { family: 'A', name: 'standard' }, accessPolicies: [] };
  const refusal = async (members: object): Promise<string> =>
    (await arm.ask('PUT', vault, { location, properties: { ...properties, ...members } })).body.error.message;
  expect(await refusal({ tenantId: null })).toBe('The parameter tenantId is not specified.');
  expect(await refusal({ accessPolicies: null })).toBe('The parameter accessPolicies is not specified.');
  expect(await refusal({ sku: { family: 'A', name: 'gold' } })).toBe("An invalid value was provided for 'sku'.");
  const made = await arm.ask('PUT', vault, { location, properties });
  expect([made.status, made.body.properties.provisioningState]).toEqual([200, 'RegisteringDns']);
});

test('a registry tells its operation below itself, and what Azure fills in', async () => {
  const registry = id('Microsoft.ContainerRegistry/registries', 'acranswers2');
  const made = await arm.ask('PUT', registry, { location, sku: { name: 'Premium' } });
  expect(made.headers['azure-asyncoperation']).toContain(`${registry}/operationStatuses/registries-`);
  await arm.settled(registry);
  const standard = await arm.ask('PATCH', registry, { sku: { name: 'Standard' } });
  expect(standard.body.sku).toMatchObject({ name: 'Standard' });
  expect(standard.body.properties).not.toHaveProperty('networkRuleSet');
  await arm.ask('PATCH', registry, { sku: { name: 'Premium' } });
  await arm.ask('PATCH', registry, { properties: { networkRuleSet: { defaultAction: 'Deny' } } });
  expect((await arm.ask('GET', registry)).body.properties).toMatchObject({
    encryption: { status: 'disabled' },
    networkRuleSet: { defaultAction: 'Deny', ipRules: [] },
    policies: { exportPolicy: { status: 'enabled' }, trustPolicy: { status: 'disabled' } },
  });
});

async function accountRefusal(kind: string, name: string): Promise<string> {
  const account = id('Microsoft.Storage/storageAccounts', 'stanswers1');
  return (await arm.ask('PUT', account, { location, kind, sku: { name } })).body.error.message;
}

test('a storage account is refused with a kind or a SKU that there is not', async () => {
  const invalid = 'Values for request parameters are invalid';
  expect(await accountRefusal('StorageV2', 'Standard_XRS')).toContain(`${invalid}: sku.`);
  expect(await accountRefusal('StorageV3', 'Standard_LRS')).toContain(`${invalid}: kind.`);
  expect(await accountRefusal('StorageV2', 'Premium_ZRS')).toContain(`${invalid}: kind, sku.`);
});

test('what leads to a vault, and what it offers to private endpoints, can be listed and read', async () => {
  const vault = id('Microsoft.KeyVault/vaults', 'kvanswers2');
  const properties = { tenantId: arm.subscriptionId, sku: { family: 'A', name: 'standard' }, accessPolicies: [] };
  await arm.put(vault, { location, properties });
  const subnets = [{ name: 's', properties: { addressPrefix: '10.0.0.0/24' } }];
  const network = id(`${net}/virtualNetworks`, 'vnet-link');
  await arm.put(network, { location, properties: { addressSpace, subnets } });
  const privateLinkServiceConnections = [
    { name: 'c', properties: { privateLinkServiceId: vault, groupIds: ['vault'] } },
  ];
  const endpoint = id(`${net}/privateEndpoints`, 'pe-link');
  const subnet = { id: `${network}/subnets/s` };
  await arm.put(endpoint, { location, properties: { subnet, privateLinkServiceConnections } });
  const [connection, ...others] = (await arm.ask('GET', `${vault}/privateEndpointConnections`)).body.value;
  expect(others).toEqual([]);
  expect(connection.properties).toMatchObject({
    privateEndpoint: { id: endpoint },
    provisioningState: 'Succeeded',
    privateLinkServiceConnectionState: { status: 'Approved' },
  });
  expect((await arm.ask('GET', connection.id)).body).toMatchObject({ name: connection.name, type: connection.type });
  expect((await arm.ask('DELETE', connection.id)).status).toBe(501);
  expect((await arm.ask('GET', `${vault}/privateEndpointConnections/none`)).status).toBe(404);
  expect((await arm.ask('GET', `${vault}/privateLinkResources`)).body.value).toEqual([
    {
      id: `${vault}/privateLinkResources/vault`,
      name: 'vault',
      type: 'Microsoft.KeyVault/vaults/privateLinkResources',
      properties: {
        groupId: 'vault',
        requiredMembers: ['default'],
        requiredZoneNames: ['privatelink.vaultcore.azure.net'],
      },
    },
  ]);
});

test('an interface and a network are answered with what Azure fills in', async () => {
  const network = id(`${net}/virtualNetworks`, 'vnet-filled');
  await arm.put(network, { location, properties: { addressSpace } });
  expect((await arm.ask('GET', network)).body.properties.subnets).toEqual([]);
  const subnets = [{ name: 's', properties: { addressPrefix: '10.0.0.0/24' } }];
  await arm.put(network, { location, properties: { addressSpace, subnets } });
  expect((await arm.ask('GET', network)).body.properties.virtualNetworkPeerings).toEqual([]);
  const nic = id(`${net}/networkInterfaces`, 'nic-filled');
  const ipConfigurations = [{ name: 'one', properties: { subnet: { id: `${network}/subnets/s` } } }];
  await arm.put(nic, { location, properties: { ipConfigurations } });
  const read = (await arm.ask('GET', nic)).body;
  expect(read.properties).toMatchObject({
    dnsSettings: { dnsServers: [] },
    enableAcceleratedNetworking: false,
    ipConfigurations: [
      {
        id: `${nic}/ipConfigurations/one`,
        type: 'Microsoft.Network/networkInterfaces/ipConfigurations',
        properties: { privateIPAddressVersion: 'IPv4', privateIPAddress: '10.0.0.4' },
      },
    ],
  });
  expect(read.properties).not.toHaveProperty('macAddress');
  await arm.put(nic, { ...read, properties: { ...read.properties, virtualMachine: { id: `${nic}-of-nobody` } } });
  expect((await arm.ask('GET', nic)).body.properties).not.toHaveProperty('virtualMachine');
});

test('peerings and route tables, which the emulator does not have, are not passed over', async () => {
  const network = id(`${net}/virtualNetworks`, 'vnet-more');
  const peered = { addressSpace, virtualNetworkPeerings: [{ name: 'p', properties: {} }] };
  expect((await arm.ask('PUT', network, { location, properties: peered })).status).toBe(501);
  const routeTable = { id: id(`${net}/routeTables`, 'none') };
  const subnets = [{ name: 's', properties: { addressPrefix: '10.0.0.0/24', routeTable } }];
  const refused = await arm.ask('PUT', network, { location, properties: { addressSpace, subnets } });
  expect([refused.status, refused.body.error.code]).toEqual([400, 'InvalidResourceReference']);
});

test('the record sets of a zone have entity tags, and its SOA record can be read', async () => {
  const zone = id(`${net}/privateDnsZones`, 'privatelink.answers.net');
  await arm.put(zone, { location: 'global' });
  await arm.ask('PUT', `${zone}/A/one`, { properties: { ttl: 30, aRecords: [{ ipv4Address: '10.0.0.9' }] } });
  const all = (await arm.ask('GET', `${zone}/ALL`)).body.value;
  expect(all.map(({ name }: { name: string }) => name)).toEqual(['@', 'one']);
  const soa = await arm.ask('GET', `${zone}/SOA/@`);
  expect(soa.body).toEqual(all[0]);
  expect(soa.headers['etag']).toBe(soa.body.etag);
  const one = await arm.ask('GET', `${zone}/A/one`);
  expect(one.body.etag).toBe(all[1].etag);
  expect((await arm.ask('DELETE', `${zone}/A/one`, undefined, { 'if-match': 'W/"stale"' })).status).toBe(412);
  expect((await arm.ask('DELETE', `${zone}/SOA/@`)).status).toBe(405);
});
