import type { Resource, Cloud } from '../arm/model.ts';
import { listAt, sameId, textAt } from './jsonPath.ts';
import { findHost } from './hosts.ts';

const zoneType = 'Microsoft.Network/privateDnsZones';

/** A private DNS zone that a virtual network sees, and the link through which it does. */
interface LinkedZone {
  zone: Resource;
  link: Resource;
}

/** The zones with a link to a virtual network that is ready; those with the longest names first. */
function linkedZones(cloud: Cloud, virtualNetworkId: string): LinkedZone[] {
  return cloud
    .referring(virtualNetworkId, `${zoneType}/virtualNetworkLinks`)
    .filter(
      (link) =>
        sameId(textAt(link.properties, 'virtualNetwork', 'id'), virtualNetworkId) &&
        cloud.provisioningState(link) === 'Succeeded',
    )
    .flatMap((link) => {
      const zone = cloud.find(link.id.replace(/\/virtualNetworkLinks\/[^/]+$/i, ''));
      return zone ? [{ zone, link }] : [];
    })
    .toSorted((a, b) => b.zone.name.length - a.zone.name.length);
}

/** What a zone holds for a name, in its own record sets or else in those of a wildcard above it. */
interface Held {
  addresses: string[];
  /** the name that it is an alias of, in a CNAME record */
  alias?: string;
}

/** Undefined when the zone has no record set of the name. One without an A record has no address: AAAA records are not connected to. */
function heldBy(cloud: Cloud, zone: Resource, name: string): Held | undefined {
  const apex = name === zone.name.toLowerCase();
  const labels = apex ? ['@'] : name.slice(0, -zone.name.length - 1).split('.');
  const wildcards = apex ? [] : labels.map((_, index) => ['*', ...labels.slice(index + 1)].join('.'));
  const sets = cloud.descendants(zone.id).filter((set) => /\/(A|AAAA|CNAME|MX|PTR|SRV|TXT)$/.test(set.type));
  for (const candidate of [labels.join('.'), ...wildcards]) {
    const found = sets.filter((set) => set.name.toLowerCase() === candidate);
    if (found.length === 0) continue;
    const alias = found
      .map(({ properties }) => textAt(properties, 'cnameRecord', 'cname'))
      .find((cname) => cname !== '');
    const records = found.flatMap(({ properties }) => listAt(properties, 'aRecords'));
    const addresses = records.map((record) => textAt(record, 'ipv4Address'));
    return alias === undefined ? { addresses } : { addresses, alias: alias.replace(/\.$/, '').toLowerCase() };
  }
  return undefined;
}

/** Longer chains of CNAME records are not followed, so that a loop ends. */
const longestChain = 16;

/** What a name leads to: the name and its aliases in order, and the addresses of the last. No addresses: it does not exist. */
export interface Resolution {
  names: string[];
  addresses: string[];
}

/**
 * A name as a host of a virtual network sees it, or the public one when no network is given. The alias chain, of public names and of
 * CNAME records in private zones, is followed until a linked private zone holds the name; such a zone is authoritative, unless its link
 * allows `NxDomainRedirect`.
 */
export function resolveChain(cloud: Cloud, name: string, virtualNetworkId?: string, depth = 0): Resolution {
  const host = name.toLowerCase();
  const site = findHost(cloud, host);
  const steps = [host, ...(site?.aliases ?? [])];
  const zones = virtualNetworkId === undefined ? [] : linkedZones(cloud, virtualNetworkId);
  for (const [index, step] of steps.entries()) {
    for (const { zone, link } of zones) {
      if (!`.${step}`.endsWith(`.${zone.name.toLowerCase()}`)) continue;
      const held = heldBy(cloud, zone, step);
      const names = steps.slice(0, index + 1);
      if (held?.alias !== undefined) {
        if (depth >= longestChain) return { names, addresses: [] };
        const further = resolveChain(cloud, held.alias, virtualNetworkId, depth + 1);
        return { names: [...names, ...further.names], addresses: further.addresses };
      }
      if (held || textAt(link.properties, 'resolutionPolicy') !== 'NxDomainRedirect')
        return { names, addresses: held?.addresses ?? [] };
    }
  }
  return site ? { names: steps, addresses: [site.address] } : { names: [host], addresses: [] };
}

/** The addresses of a name; see `resolveChain`. */
export const resolveName = (cloud: Cloud, name: string, virtualNetworkId?: string): string[] =>
  resolveChain(cloud, name, virtualNetworkId).addresses;
