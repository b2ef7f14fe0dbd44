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
const row = ({ name, properties }: { name: string; properties: { priority: number } }): unknown[] => [
  name,
  properties.priority,
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

test('a security group answers the default rules, and refuses a protocol that there is not', async () => {
  const nsg = id(`${net}/networkSecurityGroups`, 'nsg-default');
  await arm.put(nsg, { location });
  const { properties } = (await arm.ask('GET', nsg)).body;
  expect(properties.defaultSecurityRules.map(row)).toEqual([
    ['AllowVnetInBound', 65000],
    ['AllowAzureLoadBalancerInBound', 65001],
    ['DenyAllInBound', 65500],
    ['AllowVnetOutBound', 65000],
    ['AllowInternetOutBound', 65001],
    ['DenyAllOutBound', 65500],
  ]);
  expect((await arm.ask('GET', `${nsg}/defaultSecurityRules`)).body.value).toEqual(properties.defaultSecurityRules);
  const one = `${nsg}/defaultSecurityRules/denyallinbound`;
  expect((await arm.ask('GET', one)).body).toMatchObject({ name: 'DenyAllInBound', properties: { access: 'Deny' } });
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
  });
  await arm.put(nsg, read);
  await arm.put(id(`${net}/virtualNetworks`, 'vnet-back'), network({}));
  const now = (await arm.ask('GET', nsg)).body.properties;
  expect(now).not.toHaveProperty('subnets');
  expect(now.securityRules).toHaveLength(1);
});
