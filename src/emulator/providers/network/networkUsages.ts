import { isIPv4 } from 'node:net';
import { textOf } from '../../http/call.ts';
import { sameId } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { ActionReply, JsonObject, Resource, ResourceType, SubscriptionRoute, Cloud } from '../../arm/model.ts';
import { notEmulated } from '../../arm/armErrors.ts';
import { regionOf } from '../../arm/regions.ts';
import { quotaLimit, sameSubscription } from '../resourceHelpers.ts';
import { blockOf, configurationsIn, freeAddresses, prefixOf, within } from './addressSpace.ts';

const subnetType = 'Microsoft.Network/virtualNetworks/subnets';

/** Limits of a subscription in a region (Azure docs: networking limits), with the type that is counted. */
const limits = [
  ['VirtualNetworks', 'Virtual Networks', 1000, 'virtualNetworks'],
  ['NetworkSecurityGroups', 'Network Security Groups', 5000, 'networkSecurityGroups'],
  ['PublicIPAddresses', 'Public IP Addresses', 1000, 'publicIPAddresses'],
  ['StaticPublicIPAddresses', 'Static Public IP Addresses', 1000, 'publicIPAddresses'],
  ['IPv4StandardSkuPublicIpAddresses', 'Public IPv4 Addresses - Standard', 1000, 'publicIPAddresses'],
  ['NetworkInterfaces', 'Network Interfaces', 65_536, 'networkInterfaces'],
  ['NatGateways', 'NAT Gateways', 1000, 'natGateways'],
  ['PrivateEndpoints', 'Private Endpoints', 1000, 'privateEndpoints'],
] as const;

const row = (
  id: string,
  [value, localizedValue]: [string, string],
  currentValue: number,
  limit: number,
): JsonObject => ({
  id,
  unit: 'Count',
  currentValue,
  limit,
  name: { value, localizedValue },
});

/** What a subscription has in a region, and may have; a test sets a limit as object `quota:network:{name}:{location}`. */
export const usageRoute: SubscriptionRoute = {
  method: 'GET',
  path: '/providers/Microsoft.Network/locations/{location}/usages',
  handle: (cloud, { subscriptionId, params }) => {
    const location = regionOf(params['location'] ?? '', 'Microsoft.Network/locations/usages');
    const base = `/subscriptions/${subscriptionId}/providers/Microsoft.Network/locations/${location}/usages`;
    const value = limits.map(([name, label, limit, type]) => {
      const found = cloud
        .ofType(`Microsoft.Network/${type}`)
        .filter((one) => one.location === location && sameSubscription(one.id, subscriptionId));
      const most = quotaLimit(cloud, `network:${name}:${location}`, limit);
      return row(`${base}/${name}`, [name, label], found.length, most);
    });
    return { status: 200, body: { value } };
  },
};

/** Addresses that each subnet has and uses; Azure keeps five of each to itself. */
function subnetUsages(cloud: Cloud, network: Resource): ActionReply {
  const value = cloud.descendants(network.id, subnetType).map((subnet) => {
    const { first, last } = blockOf(prefixOf(subnet));
    const used = configurationsIn(cloud, subnet.id).length;
    return row(subnet.id, ['SubnetSpace', 'Subnet size and usage'], used, last - first + 1 - 5);
  });
  return { status: 200, body: { value } };
}

/** As many free addresses as Azure proposes. */
function proposals(cloud: Cloud, subnet: Resource): string[] {
  for (let count = 5; count > 0; count -= 1) {
    try {
      return freeAddresses(cloud, subnet, count);
    } catch (error) {
      if (!(error instanceof ArmError)) throw error;
    }
  }
  return [];
}

/** Is an address free? If not, some that are. Throws 400 for one that no subnet has. */
function checkAddress(cloud: Cloud, network: Resource, address: string): ActionReply {
  const subnets = cloud.descendants(network.id, subnetType);
  const block = isIPv4(address) ? blockOf(`${address}/32`) : undefined;
  const subnet = block && subnets.find((one) => within(block, blockOf(prefixOf(one))));
  if (!subnet)
    throw new ArmError(
      400,
      'PrivateIPAddressNotInAnySubnet',
      `Private static IP address ${address} does not belong to the range of any subnet in virtual network ${network.id}.`,
    );
  const { first, last } = blockOf(prefixOf(subnet));
  const reserved = block.first < first + 4 || block.first === last;
  const taken = configurationsIn(cloud, subnet.id).some((one) => sameId(one.address, address));
  if (!reserved && !taken) return { status: 200, body: { available: true, isPlatformReserved: false } };
  const availableIPAddresses = proposals(cloud, subnet);
  return { status: 200, body: { available: false, availableIPAddresses, isPlatformReserved: reserved } };
}

/** `usages` and `CheckIPAddressAvailability` of a virtual network, which are read. */
export const networkReads: NonNullable<ResourceType['actions']> = {
  usages: (cloud, network, { method }) => {
    if (method !== 'GET') throw notEmulated(method, 'usages');
    return subnetUsages(cloud, network);
  },
  checkipaddressavailability: (cloud, network, { method, query }) => {
    if (method !== 'GET') throw notEmulated(method, 'CheckIPAddressAvailability');
    return checkAddress(cloud, network, textOf(query['ipAddress']));
  },
};
