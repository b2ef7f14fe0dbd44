import { NetworkManagementClient } from '@azure/arm-network';
import { expect, test } from 'vitest';
import { send, credential, location, useArm } from './armHarness.ts';
import type { Reply } from './armHarness.ts';

const arm = useArm('net');
const net = 'Microsoft.Network';

const { id } = arm;
const vnetId = (name: string): string => id(`${net}/virtualNetworks`, name);
const space = { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } };
const subnet = (name: string, addressPrefix: string, more: object = {}): object => ({
  name,
  properties: { addressPrefix, ...more },
});
const refusal = ({ status, body }: Reply): [number, string] => [status, body?.error?.code];

async function network(name: string, ...subnets: object[]): Promise<void> {
  await arm.put(vnetId(name), { location, properties: { ...space, subnets } });
}

const nic = (subnetId: string, more: object = {}): object => ({
  location,
  properties: { ipConfigurations: [{ name: 'ipconfig1', properties: { subnet: { id: subnetId }, ...more } }] },
});

const endpoint = (subnetId: string, targetId: string, groupId: string): object => ({
  location,
  properties: {
    subnet: { id: subnetId },
    privateLinkServiceConnections: [{ name: 'c', properties: { privateLinkServiceId: targetId, groupIds: [groupId] } }],
  },
});

async function storage(name: string): Promise<string> {
  const account = id('Microsoft.Storage/storageAccounts', name);
  await arm.put(account, { location, sku: { name: 'Standard_LRS' }, kind: 'StorageV2', properties: {} });
  for (;;) if ((await arm.untilSettled(account)).status === 200) return account;
}

async function zone(name: string): Promise<string> {
  const zoneId = id(`${net}/privateDnsZones`, name);
  await arm.put(zoneId, { location: 'global' });
  return zoneId;
}

test('a PUT of a virtual network that leaves out a subnet in use is refused, and removes one that is not', async () => {
  await network('vnet-put', subnet('used', '10.0.0.0/24'), subnet('free', '10.0.1.0/24'));
  await arm.put(id(`${net}/networkInterfaces`, 'nic-put'), nic(`${vnetId('vnet-put')}/subnets/used`));
  const without = await arm.send('PUT', vnetId('vnet-put'), { location, properties: space });
  expect(refusal(without)).toEqual([400, 'InUseSubnetCannotBeDeleted']);
  await network('vnet-put', subnet('used', '10.0.0.0/24'));
  const after = await arm.send('GET', vnetId('vnet-put'));
  expect(after.body.properties.subnets.map(({ name }: { name: string }) => name)).toEqual(['used']);
  expect(refusal(await arm.send('DELETE', vnetId('vnet-put')))).toEqual([400, 'InUseSubnetCannotBeDeleted']);
});

test('a virtual network accepts one write at a time, and no interface during a write', async () => {
  await network('vnet-busy', subnet('a', '10.0.0.0/24'));
  await arm.control('POST', 'faults', { match: { method: 'PUT', id: '/subnets/b' }, effect: { hangOperation: true } });
  expect((await arm.send('PUT', `${vnetId('vnet-busy')}/subnets/b`, subnet('b', '10.0.1.0/24'))).status).toBe(201);
  const second = await arm.send('PUT', `${vnetId('vnet-busy')}/subnets/c`, subnet('c', '10.0.2.0/24'));
  expect(refusal(second)).toEqual([429, 'AnotherOperationInProgress']);
  expect(second.headers['retry-after']).toBe('1');
  const whole = await arm.send('PUT', vnetId('vnet-busy'), {
    location,
    properties: { ...space, subnets: [subnet('a', '10.0.0.0/24')] },
  });
  expect(refusal(whole)).toEqual([429, 'AnotherOperationInProgress']);
  const placed = await arm.send(
    'PUT',
    id(`${net}/networkInterfaces`, 'nic-busy'),
    nic(`${vnetId('vnet-busy')}/subnets/b`),
  );
  expect(refusal(placed)).toEqual([429, 'RetryableError']);
  expect(placed.body.error.details[0].code).toBe('ReferencedResourceNotProvisioned');
});

const outboundOfNew = async (name: string, version: string): Promise<unknown> => {
  const body = { location, properties: { ...space, subnets: [subnet('s', '10.0.0.0/24')] } };
  const answer = await send(arm.emulator, 'PUT', `${vnetId(name)}?api-version=${version}`, { body });
  return answer.body.properties.subnets[0].properties.defaultOutboundAccess;
};

test('subnets of a new virtual network have no default outbound access from api-version 2025-07-01 on', async () => {
  expect(await outboundOfNew('vnet-old', '2025-05-01')).toBeUndefined();
  expect(await outboundOfNew('vnet-new', '2025-07-01')).toBe(false);
});

test('the current SDK creates private subnets', async () => {
  const client = new NetworkManagementClient(credential, arm.subscriptionId, arm.clientOptions);
  const poller = client.virtualNetworks.createOrUpdate('net', 'vnet-sdk', {
    location,
    addressSpace: { addressPrefixes: ['10.9.0.0/16'] },
    subnets: [{ name: 's', addressPrefix: '10.9.0.0/24' }],
  });
  await poller.poll();
  while (!poller.isDone) await poller.poll();
  expect(poller.result?.subnets?.[0]).toMatchObject({
    defaultOutboundAccess: false,
    privateEndpointNetworkPolicies: 'Disabled',
  });
});

test('addresses are allocated from the fourth on until the subnet is full', async () => {
  await network('vnet-full', subnet('tiny', '10.0.0.0/29'));
  const given: string[] = [];
  for (const name of ['nic-1', 'nic-2', 'nic-3']) {
    const answer = await arm.put(id(`${net}/networkInterfaces`, name), nic(`${vnetId('vnet-full')}/subnets/tiny`));
    given.push(answer.body.properties.ipConfigurations[0].properties.privateIPAddress);
  }
  expect(given).toEqual(['10.0.0.4', '10.0.0.5', '10.0.0.6']);
  const fourth = await arm.send(
    'PUT',
    id(`${net}/networkInterfaces`, 'nic-4'),
    nic(`${vnetId('vnet-full')}/subnets/tiny`),
  );
  expect(refusal(fourth)).toEqual([400, 'SubnetIsFull']);
});

const refusedSubnets = async (...subnets: object[]): Promise<string> =>
  refusal(await arm.send('PUT', vnetId('vnet-wrong'), { location, properties: { ...space, subnets } }))[1];

test('a subnet is refused outside the network, overlapping another one, or with a missing security group', async () => {
  expect(await refusedSubnets(subnet('s', '10.1.0.0/24'))).toBe('NetcfgInvalidSubnet');
  expect(await refusedSubnets(subnet('s', '10.0.0.0/24'), subnet('t', '10.0.0.0/25'))).toBe(
    'NetcfgSubnetRangesOverlap',
  );
  const missing = { networkSecurityGroup: { id: id(`${net}/networkSecurityGroups`, 'missing') } };
  expect(await refusedSubnets(subnet('s', '10.0.0.0/24', missing))).toBe('InvalidResourceReference');
});

const denyRule = (priority: number): object => ({
  properties: {
    priority,
    direction: 'Outbound',
    access: 'Deny',
    protocol: '*',
    sourceAddressPrefix: '*',
    sourcePortRange: '*',
    destinationAddressPrefix: 'Internet',
    destinationPortRange: '*',
  },
});

test('a security group keeps rules created with it and separately, and cannot be deleted while a subnet uses it', async () => {
  const nsg = id(`${net}/networkSecurityGroups`, 'nsg-rules');
  await arm.put(nsg, { location, properties: { securityRules: [{ name: 'inline', ...denyRule(100) }] } });
  const clash = await arm.send('PUT', `${nsg}/securityRules/clash`, denyRule(100));
  expect(refusal(clash)).toEqual([400, 'SecurityRuleConflict']);
  await arm.put(`${nsg}/securityRules/alone`, denyRule(200));
  const both = await arm.send('GET', nsg);
  expect(both.body.properties.securityRules.map(({ name }: { name: string }) => name)).toEqual(['inline', 'alone']);
  await network('vnet-nsg', subnet('s', '10.0.0.0/24', { networkSecurityGroup: { id: nsg } }));
  expect(refusal(await arm.send('DELETE', nsg))).toEqual([400, 'InUseNetworkSecurityGroupCannotBeDeleted']);
  await arm.send('DELETE', `${nsg}/securityRules/alone`);
  await arm.untilSettled(`${nsg}/securityRules/alone`);
  expect((await arm.send('GET', nsg)).body.properties.securityRules).toHaveLength(1);
});

test('a public address cannot be deleted before its NAT gateway', async () => {
  const address = id(`${net}/publicIPAddresses`, 'pip');
  const gateway = id(`${net}/natGateways`, 'nat');
  await arm.put(address, { location, sku: { name: 'Standard' }, properties: { publicIPAllocationMethod: 'Static' } });
  await arm.put(gateway, { location, sku: { name: 'Standard' }, properties: { publicIpAddresses: [{ id: address }] } });
  expect(refusal(await arm.send('DELETE', address))).toEqual([400, 'PublicIPAddressCannotBeDeleted']);
  await network('vnet-nat', subnet('s', '10.0.0.0/24', { natGateway: { id: gateway } }));
  expect(refusal(await arm.send('DELETE', gateway))).toEqual([400, 'InUseNatGatewayCannotBeDeleted']);
});

test('a private endpoint gets an address, an interface, an approved connection and its record', async () => {
  const account = await storage('stprivate001');
  await network('vnet-pe', subnet('s', '10.0.0.0/24'));
  const zoneId = await zone('privatelink.blob.core.windows.net');
  const pe = id(`${net}/privateEndpoints`, 'pe-blob');
  const accepted = await arm.put(pe, endpoint(`${vnetId('vnet-pe')}/subnets/s`, account, 'blob'));
  expect(accepted.body.properties.customDnsConfigs).toEqual([]);
  const { properties, etag } = (await arm.send('GET', pe)).body;
  expect(properties.privateLinkServiceConnections[0]).toMatchObject({
    etag,
    type: `${net}/privateEndpoints/privateLinkServiceConnections`,
  });
  expect(properties.customDnsConfigs).toEqual([
    { fqdn: 'stprivate001.blob.core.windows.net', ipAddresses: ['10.0.0.4'] },
  ]);
  const interfaceId: string = properties.networkInterfaces[0].id;
  expect((await arm.send('GET', interfaceId)).body.properties.ipConfigurations[0].properties.privateIPAddress).toBe(
    '10.0.0.4',
  );
  const [connection] = (await arm.send('GET', account)).body.properties.privateEndpointConnections;
  expect(connection.properties.privateLinkServiceConnectionState.status).toBe('Approved');
  expect((await arm.send('GET', `${account}/privateEndpointConnections`)).body.value).toEqual([connection]);
  const alone = await arm.send('GET', connection.id);
  expect(alone.body).toMatchObject({ id: connection.id, properties: { privateEndpoint: { id: pe } } });
  const group = await arm.put(`${pe}/privateDnsZoneGroups/default`, {
    properties: { privateDnsZoneConfigs: [{ name: 'blob', properties: { privateDnsZoneId: zoneId } }] },
  });
  expect(group.body.properties.privateDnsZoneConfigs[0]).toMatchObject({
    type: `${net}/privateEndpoints/privateDnsZoneGroups/privateDnsZoneConfigs`,
    properties: {
      provisioningState: 'Updating',
      recordSets: [{ recordSetName: 'stprivate001', provisioningState: 'Updating', ipAddresses: ['10.0.0.4'] }],
    },
  });
  const record = await arm.send('GET', `${zoneId}/A/stprivate001`);
  expect(record.body.properties.aRecords).toEqual([{ ipv4Address: '10.0.0.4' }]);
  await arm.send('DELETE', pe);
  await arm.untilSettled(pe);
  expect((await arm.send('GET', `${zoneId}/A/stprivate001`)).status).toBe(404);
  expect((await arm.untilSettled(interfaceId)).status).toBe(404);
});

test('a zone group silently writes no record into a zone of the wrong name', async () => {
  const vault = id('Microsoft.KeyVault/vaults', 'kvwrongzone1');
  await arm.put(vault, {
    location,
    properties: { tenantId: arm.emulator.tenantId, sku: { family: 'A', name: 'standard' }, accessPolicies: [] },
  });
  await network('vnet-zone', subnet('s', '10.0.0.0/24'));
  const pe = id(`${net}/privateEndpoints`, 'pe-vault');
  await arm.put(pe, endpoint(`${vnetId('vnet-zone')}/subnets/s`, vault, 'vault'));
  const group = (name: string, zoneId: string): Promise<unknown> =>
    arm.put(`${pe}/privateDnsZoneGroups/${name}`, {
      properties: { privateDnsZoneConfigs: [{ name: 'v', properties: { privateDnsZoneId: zoneId } }] },
    });
  const wrong = await zone('privatelink.vault.azure.net');
  await group('default', wrong);
  expect((await arm.send('GET', `${wrong}/A`)).body.value).toEqual([]);
  const right = await zone('privatelink.vaultcore.azure.net');
  await group('default', right);
  expect((await arm.send('GET', `${right}/A`)).body.value.map(({ name }: { name: string }) => name)).toEqual([
    'kvwrongzone1',
  ]);
});

test('a private endpoint needs a Premium registry, a valid group id, disabled subnet policies and the same region', async () => {
  const account = await storage('strefused001');
  const registry = id('Microsoft.ContainerRegistry/registries', 'crbasic001');
  await arm.put(registry, { location, sku: { name: 'Basic' }, properties: {} });
  await network(
    'vnet-rules',
    subnet('open', '10.0.0.0/24'),
    subnet('shut', '10.0.1.0/24', { privateEndpointNetworkPolicies: 'Enabled' }),
  );
  const attempt = async (name: string, target: string, groupId: string, more: object = {}): Promise<Reply> =>
    arm.send('PUT', id(`${net}/privateEndpoints`, 'pe-refused'), {
      ...endpoint(`${vnetId('vnet-rules')}/subnets/${name}`, target, groupId),
      ...more,
    });
  expect((await attempt('open', registry, 'registry')).body.error.message).toContain('Premium');
  expect((await attempt('open', account, 'vault')).status).toBe(400);
  expect((await attempt('shut', account, 'blob')).body.error.code).toBe(
    'PrivateEndpointCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled',
  );
  expect((await attempt('open', account, 'blob', { location: 'eastus' })).body.error.code).toBe(
    'InvalidResourceReference',
  );
});

test('a zone is not deleted while a network is linked to it', async () => {
  await network('vnet-link', subnet('s', '10.0.0.0/24'));
  const zoneId = await zone('privatelink.api.azureml.ms');
  const link = `${zoneId}/virtualNetworkLinks/l`;
  await arm.put(link, { location: 'global', properties: { virtualNetwork: { id: vnetId('vnet-link') } } });
  expect((await arm.send('GET', link)).body.properties.virtualNetworkLinkState).toBe('Completed');
  const refused = await arm.send('DELETE', zoneId);
  expect(refusal(refused)).toEqual([409, 'CannotDeleteResource']);
  await arm.send('DELETE', link);
  await arm.untilSettled(link);
  expect((await arm.send('DELETE', zoneId)).status).toBe(202);
});
