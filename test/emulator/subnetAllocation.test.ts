import { expect, test } from 'vitest';
import { typeRegistry } from '../../src/emulator/providers/typeRegistry.ts';
import { useArm } from './armHarness.ts';
import { group, region, MemoryCloud } from './memoryCloud.ts';

const net = 'Microsoft.Network';
const arm = useArm();

const nicBody = (subnetId: string) => ({
  location: region,
  properties: { ipConfigurations: [{ name: 'ipconfig1', properties: { subnet: { id: subnetId } } }] },
});

test("a second interface is refused only while the first one's address is allocated", () => {
  const cloud = new MemoryCloud();
  cloud.add(`${net}/virtualNetworks`, 'vnet', {});
  const subnet = cloud.add(`${net}/virtualNetworks/subnets`, 'vnet/scoring', { addressPrefix: '10.0.0.0/24' });
  cloud.add(`${net}/networkInterfaces`, 'first', nicBody(subnet.id).properties, { createdAt: cloud.clock });
  const id = `${group}/providers/${net}/networkInterfaces/second`;
  const prepare = () =>
    typeRegistry.get(`${net}/networkInterfaces`.toLowerCase())?.prepare(cloud, {
      id,
      name: 'second',
      parent: undefined,
      existing: undefined,
      body: nicBody(subnet.id),
      apiVersion: '2025-01-01',
      query: {},
    });
  cloud.clock += cloud.duration('subnet.allocateAddress') - 1;
  expect(prepare).toThrow(
    expect.objectContaining({
      status: 429,
      body: expect.objectContaining({
        code: 'RetryableError',
        details: [
          {
            code: 'ReferencedResourceNotProvisioned',
            message: expect.stringContaining('/subnets/scoring is not in Succeeded state. Resource is in Updating'),
          },
        ],
      }),
    }),
  );
  cloud.clock += 1;
  expect(prepare()).toBeDefined();
});

test('private endpoints of one subnet are created in parallel', async () => {
  const id = (type: string, name: string): string => `${arm.group('parallel')}/providers/${type}/${name}`;
  await arm.put(arm.group('parallel'), { location: region });
  const vnet = id(`${net}/virtualNetworks`, 'vnet');
  await arm.put(vnet, {
    location: region,
    properties: {
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      subnets: [{ name: 'scoring', properties: { addressPrefix: '10.0.0.0/24' } }],
    },
  });
  const account = id('Microsoft.Storage/storageAccounts', 'stparallel');
  await arm.put(account, { location: region, sku: { name: 'Standard_LRS' }, kind: 'StorageV2', properties: {} });
  await arm.control('POST', 'faults', {
    match: { method: 'PUT', type: `${net}/privateEndpoints` },
    times: 2,
    effect: { hangOperation: true },
  });
  const endpoints = ['blob', 'file'].map((groupId) => ({
    endpoint: id(`${net}/privateEndpoints`, `pe-${groupId}`),
    body: {
      location: region,
      properties: {
        subnet: { id: `${vnet}/subnets/scoring` },
        privateLinkServiceConnections: [
          { name: 'c', properties: { privateLinkServiceId: account, groupIds: [groupId] } },
        ],
      },
    },
  }));
  for (const { endpoint, body } of endpoints) {
    let answer = await arm.send('PUT', endpoint, body);
    while (answer.status === 429) answer = await arm.send('PUT', endpoint, body);
    expect(answer.status, answer.text).toBe(201);
  }
  for (const { endpoint } of endpoints)
    expect((await arm.send('GET', endpoint)).body.properties.provisioningState).toBe('Updating');
});
