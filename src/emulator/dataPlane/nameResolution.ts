import type { Resource, Cloud } from '../arm/model.ts';
import { listAt, sameId, textAt } from './jsonPath.ts';
import { findHost } from './hosts.ts';

const zoneType = 'Microsoft.Network/privateDnsZones';

/** The link through which a virtual network sees a private DNS zone, once it is ready. */
function linkOf(cloud: Cloud, zone: Resource, virtualNetworkId: string): Resource | undefined {
  return cloud
    .descendants(zone.id, `${zoneType}/virtualNetworkLinks`)
    .find(
      (link) =>
        sameId(textAt(link.properties, 'virtualNetwork', 'id'), virtualNetworkId) &&
        cloud.provisioningState(link) === 'Succeeded',
    );
}

/** The addresses of a name in a zone: its own record set, else that of a wildcard above it. */
function recordsOf(cloud: Cloud, zone: Resource, name: string): string[] {
  const labels = name.slice(0, -zone.name.length - 1).split('.');
  const candidates = [labels.join('.'), ...labels.map((_, index) => ['*', ...labels.slice(index + 1)].join('.'))];
  const sets = cloud.descendants(zone.id, `${zoneType}/A`);
  for (const candidate of candidates) {
    const set = sets.find((set) => set.name.toLowerCase() === candidate);
    if (set) return listAt(set.properties, 'aRecords').map((record) => textAt(record, 'ipv4Address'));
  }
  return [];
}

/**
 * The addresses of a name as a host of a virtual network sees it, or the public ones when no network is given. The alias
 * chain is followed until a linked private zone holds the name; such a zone is authoritative, unless its link allows
 * `NxDomainRedirect`. No addresses: the name does not exist.
 */
export function resolveName(cloud: Cloud, name: string, virtualNetworkId?: string): string[] {
  const host = name.toLowerCase();
  const site = findHost(cloud, host);
  for (const step of virtualNetworkId === undefined ? [] : [host, ...(site?.aliases ?? [])]) {
    const zones = cloud
      .ofType(zoneType)
      .filter((zone) => step.endsWith(`.${zone.name.toLowerCase()}`))
      .toSorted((a, b) => b.name.length - a.name.length);
    for (const zone of zones) {
      const link = linkOf(cloud, zone, virtualNetworkId ?? '');
      if (!link) continue;
      const addresses = recordsOf(cloud, zone, step);
      if (addresses.length > 0 || textAt(link.properties, 'resolutionPolicy') !== 'NxDomainRedirect') return addresses;
    }
  }
  return site ? [site.address] : [];
}
