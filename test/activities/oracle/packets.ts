import { inBlock, isPrivateAddress } from './addresses.ts';
import type { ArmJson, ArmResources } from './armJson.ts';
import { same } from './names.ts';

/** A TCP packet to port 443 that leaves a network interface. */
export interface Packet {
  source: string;
  address: string;
  /** service tags of the address */
  tags: readonly string[];
}

const port = 443;

/** The jumpbox's place in the network: its interface, subnet and virtual network. */
export interface Place {
  address: string;
  interface: ArmJson;
  subnet: ArmJson;
  network: ArmJson;
}

/** Where the jumpbox is. */
export function jumpboxOf(resources: ArmResources): Place {
  const [reference] = resources.machines[0].properties.networkProfile.networkInterfaces;
  const found = resources.interfaces.find(({ id }) => same(id, reference.id));
  const { privateIPAddress, subnet } = found.properties.ipConfigurations[0].properties;
  const network = resources.virtualNetworks.find(({ properties }) =>
    properties.subnets.some((one: ArmJson) => same(one.id, subnet.id)),
  );
  const own = network.properties.subnets.find((one: ArmJson) => same(one.id, subnet.id));
  return { address: privateIPAddress, interface: found, subnet: own, network };
}

function covers(prefix: string, address: string, tags: readonly string[], space: string[]): boolean {
  const inside = space.some((block) => inBlock(address, block));
  if (prefix === '*') return true;
  if (same(prefix, 'VirtualNetwork')) return inside;
  if (same(prefix, 'Internet')) return !inside && !isPrivateAddress(address);
  return /^[\d.]+(\/\d+)?$/.test(prefix) ? inBlock(address, prefix) : tags.some((tag) => same(tag, prefix));
}

const several = (one: string | undefined, many: string[] | undefined): string[] => [
  ...(one ? [one] : []),
  ...(many ?? []),
];

function matches({ properties: rule }: ArmJson, packet: Packet, space: string[]): boolean {
  const protocols = [rule.protocol];
  const sources = several(rule.sourceAddressPrefix, rule.sourceAddressPrefixes);
  const destinations = several(rule.destinationAddressPrefix, rule.destinationAddressPrefixes);
  const ports = several(rule.destinationPortRange, rule.destinationPortRanges);
  return (
    protocols.some((protocol) => protocol === '*' || same(protocol, 'Tcp')) &&
    sources.some((prefix) => covers(prefix, packet.source, [], space)) &&
    destinations.some((prefix) => covers(prefix, packet.address, packet.tags, space)) &&
    ports.some((range) => {
      const [from, to = from] = range.split('-').map(Number);
      return range === '*' || (port >= from! && port <= to!);
    })
  );
}

/**
 * Whether a group lets a packet out: of the rules that match, the one with the lowest number decides. The default rules come last: allow within
 * the virtual network, allow to the Internet, deny (Azure docs: network security groups overview).
 */
function isOutboundAllowed(group: ArmJson, packet: Packet, space: string[]): boolean {
  const rules = group.properties.securityRules.filter(({ properties }: ArmJson) =>
    same(properties.direction, 'Outbound'),
  );
  const [first] = rules
    .filter((rule: ArmJson) => matches(rule, packet, space))
    .toSorted((a: ArmJson, b: ArmJson) => a.properties.priority - b.properties.priority);
  if (first) return same(first.properties.access, 'Allow');
  return covers('VirtualNetwork', packet.address, [], space) || covers('Internet', packet.address, [], space);
}

/** Whether the security groups of the jumpbox's interface and subnet let a packet out. */
export function leaves(resources: ArmResources, from: Place, to: Omit<Packet, 'source'>): boolean {
  const packet = { ...to, source: from.address };
  const ids = [from.interface, from.subnet].map(({ properties }) => properties.networkSecurityGroup?.id);
  const space = from.network.properties.addressSpace.addressPrefixes as string[];
  return ids
    .filter((id) => id !== undefined)
    .map((id) => resources.securityGroups.find((group) => same(group.id, id)))
    .every((group) => isOutboundAllowed(group, packet, space));
}

/** The public address that the jumpbox has on the Internet; undefined where it has no way out (Azure docs: default outbound access). */
export function publicAddressOf(resources: ArmResources, from: Place): string | undefined {
  const gateway = resources.gateways.find(({ id }) => same(id, from.subnet.properties.natGateway?.id));
  const ids = [
    ...(gateway?.properties.publicIpAddresses ?? []).map((one: ArmJson) => one.id),
    ...from.interface.properties.ipConfigurations.map(({ properties }: ArmJson) => properties.publicIPAddress?.id),
  ].filter(Boolean);
  const [address] = ids.flatMap((id) => resources.publicAddresses.filter((one) => same(one.id, id)));
  const byDefault = from.subnet.properties.defaultOutboundAccess === false ? undefined : 'one of Azure';
  return address?.properties.ipAddress ?? byDefault;
}
