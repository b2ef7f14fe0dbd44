import { expect, test } from 'vitest';
import type { JsonObject, Resource } from '../../src/emulator/arm/model.ts';
import { ResourceIndex } from '../../src/emulator/state/resourceIndex.ts';

const group = '/subscriptions/s/resourceGroups/rg-moat-demo/providers';
const [links, interfaces] = [
  'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
  'Microsoft.Network/networkInterfaces',
];
const resource = (name: string, type: string, properties: JsonObject): Resource => ({
  id: `${group}/${type}/${name}`,
  type,
  name,
  properties,
  createdAt: 1,
});
const network = `${group}/Microsoft.Network/virtualNetworks/vnet`;

test('finds the resources of a type that refer to an id, however it is spelled and nested', () => {
  const index = new ResourceIndex();
  index.add(resource('one', links, { virtualNetwork: { id: network.toUpperCase() } }));
  index.add(resource('two', links, { virtualNetworks: [{ id: network }, { id: network }] }));
  index.add(resource('three', interfaces, { virtualNetwork: { id: network } }));
  index.add(resource('four', links, { virtualNetwork: { id: `${network}2` } }));
  expect(index.referring(network.toLowerCase(), links).map(({ name }) => name)).toEqual(['one', 'two']);
});

test('a resource that refers to another id, or is deleted, is found no longer', () => {
  const index = new ResourceIndex();
  const link = resource('one', links, { virtualNetwork: { id: network } });
  index.add(link);
  index.add({ ...link, properties: { virtualNetwork: { id: `${network}2` } } });
  expect([index.referring(network, links), index.referring(`${network}2`, links).length]).toEqual([[], 1]);
  index.delete(link);
  expect(index.referring(`${network}2`, links)).toEqual([]);
});
