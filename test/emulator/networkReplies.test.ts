import { expect, test } from 'vitest';
import { location, useArm } from './armHarness.ts';

const arm = useArm('replies');
const net = 'Microsoft.Network';

const { id } = arm;
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

test('a security group returns the read-only default rules, and refuses an unknown protocol', async () => {
  const nsg = id(`${net}/networkSecurityGroups`, 'nsg-default');
  await arm.put(nsg, { location });
  const { properties } = (await arm.send('GET', nsg)).body;
  expect(properties.defaultSecurityRules.map(row)).toEqual([
    ['AllowVnetInBound', 65000, 'Inbound'],
    ['AllowAzureLoadBalancerInBound', 65001, 'Inbound'],
    ['DenyAllInBound', 65500, 'Inbound'],
    ['AllowVnetOutBound', 65000, 'Outbound'],
    ['AllowInternetOutBound', 65001, 'Outbound'],
    ['DenyAllOutBound', 65500, 'Outbound'],
  ]);
  expect((await arm.send('GET', `${nsg}/defaultSecurityRules`)).body.value).toEqual(properties.defaultSecurityRules);
  const one = `${nsg}/defaultSecurityRules/denyalloutbound`;
  expect((await arm.send('GET', one)).body).toMatchObject({
    name: 'DenyAllOutBound',
    type: `${net}/networkSecurityGroups/defaultSecurityRules`,
    properties: { access: 'Deny', sourceAddressPrefix: '*', provisioningState: 'Succeeded' },
  });
  expect((await arm.send('PUT', one, { properties: denyRule })).status).toBe(405);
  expect((await arm.send('DELETE', one)).status).toBe(405);
  const refused = await arm.send('PUT', `${nsg}/securityRules/odd`, { properties: { ...denyRule, protocol: 'Sctp' } });
  expect([refused.status, refused.body.error.code]).toEqual([400, 'SecurityRuleInvalidProtocol']);
});

const network = (filter: object): object => ({
  location,
  properties: { addressSpace, subnets: [{ name: 's', properties: { addressPrefix: '10.0.0.0/24', ...filter } }] },
});

test('read-only members of a security group that is sent back are ignored', async () => {
  const nsg = id(`${net}/networkSecurityGroups`, 'nsg-back');
  await arm.put(nsg, { location, properties: { securityRules: [{ name: 'one', properties: denyRule }] } });
  await arm.put(id(`${net}/virtualNetworks`, 'vnet-back'), network({ networkSecurityGroup: { id: nsg } }));
  const read = (await arm.send('GET', nsg)).body;
  expect(read.properties.subnets).toHaveLength(1);
  expect(read.properties.securityRules[0].properties).toMatchObject({
    sourceAddressPrefixes: [],
    sourcePortRanges: [],
    destinationAddressPrefixes: [],
  });
  await arm.put(nsg, read);
  await arm.put(id(`${net}/virtualNetworks`, 'vnet-back'), network({}));
  const now = (await arm.send('GET', nsg)).body.properties;
  expect(now).not.toHaveProperty('subnets');
  expect(now.securityRules).toHaveLength(1);
});

test('a network resource returns its zones, GUID and entity tag, and keeps the first two', async () => {
  const address = id(`${net}/publicIPAddresses`, 'pip-zones');
  const body = { location, sku: { name: 'Standard' }, properties: { publicIPAllocationMethod: 'Static' } };
  await arm.put(address, { ...body, zones: ['1', '2'] });
  const first = await arm.send('GET', address);
  expect(first.body.zones).toEqual(['1', '2']);
  expect(first.body.properties.resourceGuid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(first.headers['etag']).toBe(first.body.etag);
  await arm.put(address, { ...body, zones: ['1', '2'], tags: { a: 'b' } });
  const second = await arm.send('GET', address);
  expect(second.headers['etag']).not.toBe(first.headers['etag']);
  expect(second.body.properties.resourceGuid).toBe(first.body.properties.resourceGuid);
  const codeOf = async (name: string, zones: string[]): Promise<string> =>
    (await arm.send('PUT', id(`${net}/publicIPAddresses`, name), { ...body, zones })).body.error.code;
  expect(await codeOf('pip-zones', ['3'])).toBe('ResourceAvailabilityZonesCannotBeModified');
  expect(await codeOf('pip-nowhere', ['4'])).toBe('AvailabilityZoneNotSupported');
});

test('an interface and a network are returned with the members that Azure fills in', async () => {
  const network = id(`${net}/virtualNetworks`, 'vnet-filled');
  await arm.put(network, { location, properties: { addressSpace } });
  expect((await arm.send('GET', network)).body.properties.subnets).toEqual([]);
  const subnets = [{ name: 's', properties: { addressPrefix: '10.0.0.0/24' } }];
  await arm.put(network, { location, properties: { addressSpace, subnets } });
  expect((await arm.send('GET', network)).body.properties.virtualNetworkPeerings).toEqual([]);
  const nic = id(`${net}/networkInterfaces`, 'nic-filled');
  const ipConfigurations = [{ name: 'one', properties: { subnet: { id: `${network}/subnets/s` } } }];
  await arm.put(nic, { location, properties: { ipConfigurations } });
  const read = (await arm.send('GET', nic)).body;
  expect(read.properties).toMatchObject({
    dnsSettings: { dnsServers: [] },
    enableAcceleratedNetworking: false,
    nicType: 'Standard',
    ipConfigurations: [
      {
        id: `${nic}/ipConfigurations/one`,
        etag: read.etag,
        type: 'Microsoft.Network/networkInterfaces/ipConfigurations',
        properties: { privateIPAddressVersion: 'IPv4', privateIPAddress: '10.0.0.4', primary: true },
      },
    ],
  });
  expect(read.properties).not.toHaveProperty('macAddress');
  const changed = { ...read, properties: { ...read.properties, virtualMachine: { id: `${nic}-of-nobody` } } };
  // An interface is Succeeded from the start, also while its creation still runs.
  while ((await arm.send('PUT', nic, changed)).status === 429);
  expect((await arm.send('GET', nic)).body.properties).not.toHaveProperty('virtualMachine');
});

test('peerings and route tables, which are not emulated, are refused', async () => {
  const network = id(`${net}/virtualNetworks`, 'vnet-more');
  const peered = { addressSpace, virtualNetworkPeerings: [{ name: 'p', properties: {} }] };
  expect((await arm.send('PUT', network, { location, properties: peered })).status).toBe(501);
  const routeTable = { id: id(`${net}/routeTables`, 'none') };
  const subnets = [{ name: 's', properties: { addressPrefix: '10.0.0.0/24', routeTable } }];
  const refused = await arm.send('PUT', network, { location, properties: { addressSpace, subnets } });
  expect([refused.status, refused.body.error.code]).toEqual([400, 'InvalidResourceReference']);
});

test('a service lists its private link resources', async () => {
  const account = id('Microsoft.Storage/storageAccounts', 'stoffers001');
  await arm.put(account, { location, sku: { name: 'Standard_LRS' }, kind: 'StorageV2', properties: {} });
  const offered = await arm.send('GET', `${account}/privateLinkResources`);
  expect(offered.body.value).toContainEqual(
    expect.objectContaining({
      name: 'blob',
      properties: {
        groupId: 'blob',
        requiredMembers: ['blob'],
        requiredZoneNames: ['privatelink.blob.core.windows.net'],
      },
    }),
  );
});
