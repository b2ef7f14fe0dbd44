import { inBlock, isPrivateAddress } from './addresses.ts';
import type { ArmJson, ArmResources } from './armJson.ts';
import { internetSites, same, serviceNames, sitesOf, subresources, tagHosts, tagsOf } from './names.ts';
import type { Service } from './names.ts';
import { jumpboxOf, leaves, publicAddressOf } from './packets.ts';
import { resolveInside } from './resolution.ts';
import type { PublicDns } from './resolution.ts';

/** Whether and how a service is reached from a place. */
export interface Reach {
  /** in the order of the DNS answer; none: the name does not exist */
  addresses: string[];
  /** the first packet arrives, and the service accepts it from where it comes */
  allowed: boolean;
}

/** What the oracle must know besides the resources. */
export interface World {
  publicDns: PublicDns;
  /** the address of a caller on the Internet */
  outsider: string;
}

const isApproved = (connection: ArmJson): boolean =>
  same(connection.properties.privateLinkServiceConnectionState.status, 'Approved');

/** Whether a resource has any private endpoint connection: then its public name is an alias of its private one. */
const isConnected = (target: ArmJson): boolean => (target.properties.privateEndpointConnections ?? []).length > 0;

/**
 * Whether a service answers a caller with a public address (Azure docs: storage firewall, Key Vault network security, registry IP network rules,
 * private link for workspaces, inbound of online endpoints). Without a flag, the access is enabled.
 */
function acceptsPublic(service: Service, { properties }: ArmJson, caller: string): boolean {
  if (same(properties.publicNetworkAccess, 'Disabled')) return false;
  if (service === 'workspace' || service === 'scoring') return true;
  const rules = properties.networkAcls ?? properties.networkRuleSet ?? {};
  const listed = (rules.ipRules ?? []).some(({ value }: ArmJson) => inBlock(caller, value));
  return listed || !same(rules.defaultAction, 'Deny');
}

/** What meets a connection at an address: nothing, the service, or something that is not the service or refuses the caller. */
type Met = 'silence' | 'service' | 'other';

/** Only an approved private endpoint answers at a private address, and only for what it was made for. */
function meetPrivate(resources: ArmResources, service: Service, target: ArmJson, address: string): Met {
  const owner = resources.interfaces.find(({ properties }) =>
    properties.ipConfigurations.some((one: ArmJson) => one.properties.privateIPAddress === address),
  );
  const endpoint = resources.privateEndpoints.find(({ id }) => same(id, owner?.properties.privateEndpoint?.id));
  const { privateLinkServiceConnections: automatic = [], manualPrivateLinkServiceConnections: manual = [] } =
    endpoint?.properties ?? {};
  const approved = [...automatic, ...manual].filter(isApproved);
  if (approved.length === 0) return 'silence';
  const leadsThere = approved.some(
    ({ properties }) =>
      same(properties.privateLinkServiceId, target.id) &&
      properties.groupIds.some((group: string) => same(group, subresources[service])),
  );
  return leadsThere ? 'service' : 'other';
}

/** From the Internet. */
export function reachFromOutside(resources: ArmResources, world: World, service: Service): Reach {
  const { host, resource } = sitesOf(resources)[service];
  const address = world.publicDns[host];
  return {
    addresses: address === undefined ? [] : [address],
    allowed: address !== undefined && acceptsPublic(service, resource, world.outsider),
  };
}

/** From the jumpbox: a client tries the addresses in their order, until one answers. */
export function reachFromJumpbox(resources: ArmResources, world: World, service: Service): Reach {
  const sites = sitesOf(resources);
  const { host, resource, target } = sites[service];
  const jumpbox = jumpboxOf(resources);
  const name = { host, network: jumpbox.network.id, isAliased: isConnected(target) };
  const addresses = resolveInside(resources, world.publicDns, name);
  const meet = (address: string): Met => {
    const inside = isPrivateAddress(address);
    if (!leaves(resources, jumpbox, { address, tags: inside ? [] : tagsOf(host, sites) })) return 'silence';
    if (inside) return meetPrivate(resources, service, target, address);
    const caller = publicAddressOf(resources, jumpbox);
    if (caller === undefined) return 'silence';
    return address === world.publicDns[host] && acceptsPublic(service, resource, caller) ? 'service' : 'other';
  };
  return { addresses, allowed: addresses.map(meet).find((met) => met !== 'silence') === 'service' };
}

/** Whether the jumpbox reaches a host of the Internet. */
export function reachesHost(resources: ArmResources, world: World, host: string): boolean {
  const jumpbox = jumpboxOf(resources);
  const address = world.publicDns[host]!;
  const packet = { address, tags: tagsOf(host, sitesOf(resources)) };
  return leaves(resources, jumpbox, packet) && publicAddressOf(resources, jumpbox) !== undefined;
}

/** All names whose public addresses the oracle must know. */
export const publicNames = (resources: ArmResources): string[] => [
  ...serviceNames.map((service) => sitesOf(resources)[service].host),
  ...internetSites,
  ...Object.values(tagHosts),
];
