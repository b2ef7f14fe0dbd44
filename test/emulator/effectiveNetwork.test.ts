import { NetworkManagementClient } from '@azure/arm-network';
import { beforeAll, expect, test } from 'vitest';
import { credential, location, useArm } from './armHarness.ts';

const arm = useArm('seen');
const net = 'Microsoft.Network';
const network = (): string => arm.id(`${net}/virtualNetworks`, 'vnet');
const nic = (name: string): string => arm.id(`${net}/networkInterfaces`, name);
const client = () => new NetworkManagementClient(credential, arm.subscriptionId, arm.clientOptions);

const rule = {
  priority: 200,
  direction: 'Outbound',
  access: 'Allow',
  protocol: 'Tcp',
  sourceAddressPrefix: '*',
  sourcePortRange: '*',
  destinationAddressPrefixes: ['10.9.0.4', 'Storage.westus2'],
  destinationPortRanges: ['443', '1000-2000'],
};

beforeAll(async () => {
  const group = arm.id(`${net}/networkSecurityGroups`, 'nsg');
  const deny = { ...rule, priority: 100, protocol: '*', access: 'Deny' };
  const securityRules = [
    { name: 'allow', properties: rule },
    { name: 'deny', properties: deny },
  ];
  await arm.put(group, { location, properties: { securityRules } });
  const subnets = [{ name: 's', properties: { addressPrefix: '10.9.0.0/28', networkSecurityGroup: { id: group } } }];
  await arm.put(network(), { location, properties: { addressSpace: { addressPrefixes: ['10.9.0.0/16'] }, subnets } });
  const ipConfigurations = [{ name: 'one', properties: { subnet: { id: `${network()}/subnets/s` } } }];
  for (const name of ['nic', 'nic-alone']) await arm.put(nic(name), { location, properties: { ipConfigurations } });
  const osProfile = {
    computerName: 'vm',
    adminUsername: 'moat',
    linuxConfiguration: {
      disablePasswordAuthentication: true,
      ssh: { publicKeys: [{ path: '/home/moat/.ssh/authorized_keys', keyData: 'ssh-ed25519 AAAA' }] },
    },
  };
  const imageReference = { publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server', version: 'latest' };
  await arm.put(arm.id('Microsoft.Compute/virtualMachines', 'vm'), {
    location,
    properties: {
      hardwareProfile: { vmSize: 'Standard_D2s_v5' },
      storageProfile: { imageReference, osDisk: { createOption: 'FromImage' } },
      osProfile,
      networkProfile: { networkInterfaces: [{ id: nic('nic') }] },
    },
  });
});

test("the effective security rules of a machine's interface are those of its subnet's group, with the tags expanded", async () => {
  const {
    value: [only, ...others],
  } = await client().networkInterfaces.listEffectiveNetworkSecurityGroups('seen', 'nic');
  expect(others).toEqual([]);
  expect(only).toMatchObject({
    networkSecurityGroup: { id: arm.id(`${net}/networkSecurityGroups`, 'nsg') },
    association: { subnet: { id: `${network()}/subnets/s` } },
  });
  const rules = only?.effectiveSecurityRules ?? [];
  expect(rules.map(({ name }) => name)).toEqual([
    'securityRules/deny',
    'securityRules/allow',
    'defaultSecurityRules/AllowVnetInBound',
    'defaultSecurityRules/AllowAzureLoadBalancerInBound',
    'defaultSecurityRules/DenyAllInBound',
    'defaultSecurityRules/AllowVnetOutBound',
    'defaultSecurityRules/AllowInternetOutBound',
    'defaultSecurityRules/DenyAllOutBound',
  ]);
  expect(rules[0]).toMatchObject({ protocol: 'All', access: 'Deny', priority: 100 });
  expect(rules[1]).toMatchObject({
    protocol: 'Tcp',
    sourceAddressPrefix: '0.0.0.0/0',
    sourcePortRange: '0-65535',
    destinationAddressPrefixes: ['10.9.0.4/32', 'Storage.westus2'],
    destinationPortRanges: ['443-443', '1000-2000'],
    expandedDestinationAddressPrefix: ['20.0.0.0/8'],
  });
  expect(rules[5]?.expandedSourceAddressPrefix).toEqual(['10.9.0.0/16', '168.63.129.16/32']);
  const internet = rules[6]?.expandedDestinationAddressPrefix ?? [];
  expect(internet.slice(0, 5)).toEqual(['1.0.0.0/8', '2.0.0.0/7', '4.0.0.0/6', '8.0.0.0/7', '11.0.0.0/8']);
  expect(internet).toContain('168.63.129.17/32');
  expect(internet).not.toContain('168.63.129.16/32');
});

test("a machine's routes are its network's and the system's; an interface without a machine has none", async () => {
  const { value } = await client().networkInterfaces.getEffectiveRouteTable('seen', 'nic');
  expect(value.map(({ addressPrefix, nextHopType }) => [addressPrefix?.[0], nextHopType])).toEqual([
    ['10.9.0.0/16', 'VnetLocal'],
    ['0.0.0.0/0', 'Internet'],
    ['10.0.0.0/8', 'None'],
    ['100.64.0.0/10', 'None'],
    ['172.16.0.0/12', 'None'],
    ['192.168.0.0/16', 'None'],
  ]);
  for (const action of ['effectiveRouteTable', 'effectiveNetworkSecurityGroups'])
    expect((await arm.send('POST', `${nic('nic-alone')}/${action}`)).status).toBe(400);
  const accepted = await arm.send('POST', `${nic('nic')}/effectiveRouteTable`);
  expect([accepted.status, accepted.text]).toEqual([202, '']);
  expect(accepted.headers['location']).toContain('/operationResults/');
});

test('a machine that does not run has neither', async () => {
  const vm = arm.id('Microsoft.Compute/virtualMachines', 'vm');
  const power = async (action: string, state: string): Promise<void> => {
    await arm.send('POST', `${vm}/${action}`);
    for (;;) {
      const { statuses } = (await arm.send('GET', `${vm}/instanceView`)).body;
      if (statuses.some(({ code }: { code: string }) => code === `PowerState/${state}`)) break;
    }
  };
  await power('deallocate', 'deallocated');
  expect((await arm.send('POST', `${nic('nic')}/effectiveRouteTable`)).status).toBe(400);
  await power('start', 'running');
  expect((await arm.send('POST', `${nic('nic')}/effectiveRouteTable`)).status).toBe(202);
});

test('the IP configurations of an interface can be listed and read', async () => {
  const configurations = (await arm.send('GET', `${nic('nic')}/ipConfigurations`)).body.value;
  expect(configurations).toMatchObject([{ name: 'one', properties: { privateIPAddress: '10.9.0.4' } }]);
  const one = (await arm.send('GET', `${nic('nic')}/ipConfigurations/one`)).body;
  expect(one).toMatchObject({ id: configurations[0].id, properties: configurations[0].properties });
  expect((await arm.send('GET', `${nic('nic')}/ipConfigurations/two`)).status).toBe(404);
});

test('a network says which addresses are free and how many are used', async () => {
  const check = async (address: string) =>
    (await arm.send('GET', `${network()}/CheckIPAddressAvailability?ipAddress=${address}`)).body;
  expect(await check('10.9.0.9')).toEqual({ available: true, isPlatformReserved: false });
  expect(await check('10.9.0.4')).toEqual({
    available: false,
    availableIPAddresses: ['10.9.0.6', '10.9.0.7', '10.9.0.8', '10.9.0.9', '10.9.0.10'],
    isPlatformReserved: false,
  });
  expect(await check('10.9.0.1')).toMatchObject({ available: false, isPlatformReserved: true });
  expect((await check('10.8.0.1')).error.code).toBe('PrivateIPAddressNotInAnySubnet');
  const usages = (await arm.send('GET', `${network()}/usages`)).body.value;
  expect(usages).toEqual([
    {
      id: `${network()}/subnets/s`,
      unit: 'Count',
      currentValue: 2,
      limit: 11,
      name: { value: 'SubnetSpace', localizedValue: 'Subnet size and usage' },
    },
  ]);
});

test('a region has usages and service tags', async () => {
  const base = `${arm.subscription}/providers/${net}/locations`;
  const used = (await arm.send('GET', `${base}/westus2/usages`)).body.value;
  const of = (name: string) => used.find((row: { name: { value: string } }) => row.name.value === name);
  expect(of('NetworkInterfaces')).toMatchObject({ unit: 'Count', currentValue: 2, limit: 65_536 });
  expect((await arm.send('GET', `${base}/eastus/usages`)).body.value[0].currentValue).toBe(0);
  const tags = (await arm.send('GET', `${base}/westus2/serviceTags`)).body;
  expect(tags).toMatchObject({ name: 'Public', type: `${net}/serviceTags`, cloud: 'Public' });
  expect(tags.values.map(({ name }: { name: string }) => name)).toContain('Storage.westus2');
});
