import { expect, test } from 'vitest';
import { location, useArm } from './armHarness.ts';

const arm = useArm('answers');
const net = 'Microsoft.Network';

const { id } = arm;
const addressSpace = { addressPrefixes: ['10.0.0.0/16'] };

const bearer = (appid: string): Record<string, string> => ({
  authorization: `Bearer e30.${Buffer.from(JSON.stringify({ appid, oid: appid })).toString('base64url')}.x`,
});

test('systemData names who created a resource and who changed it last', async () => {
  const registry = id('Microsoft.ContainerRegistry/registries', 'acranswers1');
  await arm.send('PUT', registry, { location, sku: { name: 'Premium' } }, bearer('maker'));
  await arm.untilSettled(registry);
  await arm.send('PATCH', registry, { tags: { a: 'b' } }, bearer('changer'));
  expect((await arm.send('GET', registry)).body.systemData).toMatchObject({
    createdBy: 'maker',
    lastModifiedBy: 'changer',
  });
});

test('a vault is created with 200, and refused without a tenant or with an unknown SKU', async () => {
  const vault = id('Microsoft.KeyVault/vaults', 'kvanswers1');
  const properties = { tenantId: arm.subscriptionId, sku: { family: 'A', name: 'standard' }, accessPolicies: [] };
  const refusal = async (members: object): Promise<string> =>
    (await arm.send('PUT', vault, { location, properties: { ...properties, ...members } })).body.error.message;
  expect(await refusal({ tenantId: null })).toBe('The parameter tenantId is not specified.');
  expect(await refusal({ accessPolicies: null })).toBe('The parameter accessPolicies is not specified.');
  expect(await refusal({ sku: { family: 'A', name: 'gold' } })).toBe("An invalid value was provided for 'sku'.");
  const reply = await arm.send('PUT', vault, { location, properties });
  expect([reply.status, reply.body.properties.provisioningState]).toEqual([200, 'RegisteringDns']);
});

test('a registry returns an operation URL below itself, and the members that Azure fills in', async () => {
  const registry = id('Microsoft.ContainerRegistry/registries', 'acranswers2');
  const reply = await arm.send('PUT', registry, { location, sku: { name: 'Premium' } });
  expect(reply.headers['azure-asyncoperation']).toContain(`${registry}/operationStatuses/registries-`);
  await arm.untilSettled(registry);
  const standard = await arm.send('PATCH', registry, { sku: { name: 'Standard' } });
  expect(standard.body.sku).toMatchObject({ name: 'Standard' });
  expect(standard.body.properties).not.toHaveProperty('networkRuleSet');
  await arm.send('PATCH', registry, { sku: { name: 'Premium' } });
  await arm.send('PATCH', registry, { properties: { networkRuleSet: { defaultAction: 'Deny' } } });
  expect((await arm.send('GET', registry)).body.properties).toMatchObject({
    encryption: { status: 'disabled' },
    networkRuleSet: { defaultAction: 'Deny', ipRules: [] },
    policies: { exportPolicy: { status: 'enabled' }, trustPolicy: { status: 'disabled' } },
  });
});

async function accountRefusal(kind: string, name: string): Promise<string> {
  const account = id('Microsoft.Storage/storageAccounts', 'stanswers1');
  return (await arm.send('PUT', account, { location, kind, sku: { name } })).body.error.message;
}

test('a storage account is refused with an unknown kind or SKU', async () => {
  const invalid = 'Values for request parameters are invalid';
  expect(await accountRefusal('StorageV2', 'Standard_XRS')).toContain(`${invalid}: sku.`);
  expect(await accountRefusal('StorageV3', 'Standard_LRS')).toContain(`${invalid}: kind.`);
  expect(await accountRefusal('StorageV2', 'Premium_ZRS')).toContain(`${invalid}: kind, sku.`);
});

test('private endpoint connections and private link resources of a vault can be listed and read', async () => {
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
  const [connection, ...others] = (await arm.send('GET', `${vault}/privateEndpointConnections`)).body.value;
  expect(others).toEqual([]);
  expect(connection.properties).toMatchObject({
    privateEndpoint: { id: endpoint },
    provisioningState: 'Succeeded',
    privateLinkServiceConnectionState: { status: 'Approved' },
  });
  expect((await arm.send('GET', connection.id)).body).toMatchObject({ name: connection.name, type: connection.type });
  expect((await arm.send('GET', `${vault}/privateEndpointConnections/none`)).status).toBe(404);
  expect((await arm.send('GET', `${vault}/privateLinkResources`)).body.value).toEqual([
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
