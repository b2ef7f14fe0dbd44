import type { ArmJson, ArmResources } from './armJson.ts';
import { privateNameOf, same } from './names.ts';

/** The public DNS: an address for each name. */
export type PublicDns = Record<string, string>;

type Zone = ArmResources['zones'][number];

const linkTo = (zone: Zone, network: string): ArmJson =>
  zone.links.find(
    ({ properties }) =>
      same(properties.virtualNetwork.id, network) && same(properties.virtualNetworkLinkState, 'Completed'),
  );

/** A records of a name below a zone; those of the nearest wildcard where it has no record of its own; undefined: no such name. */
function recordsIn(zone: Zone, name: string): string[] | undefined {
  const labels = name.slice(0, -zone.name.length - 1).split('.');
  const names = [labels.join('.'), ...labels.map((_, index) => ['*', ...labels.slice(index + 1)].join('.'))];
  for (const candidate of names) {
    const record = zone.records.find((one) => one.type.endsWith('/A') && same(one.name, candidate));
    if (record) return record.properties.aRecords.map((one: ArmJson) => one.ipv4Address as string);
  }
  return undefined;
}

/**
 * The addresses of a public name as Azure's DNS resolves it in a virtual network (Azure docs: private endpoint DNS, private DNS fallback): the
 * most specific linked private zone of a name is authoritative, unless its link allows the fallback to the Internet. `isAliased`: the public
 * DNS makes the name an alias of its private one, as it does while the resource has private endpoint connections.
 */
export function resolveInside(
  resources: ArmResources,
  publicDns: PublicDns,
  { host, network, isAliased }: { host: string; network: string; isAliased: boolean },
): string[] {
  const guid = resources.workspaces[0].properties.workspaceId as string;
  const alias = isAliased ? privateNameOf(host, guid) : undefined;
  for (const name of [host, ...(alias ? [`${alias.name}.${alias.zone}`] : [])]) {
    const [zone] = resources.zones
      .filter((one) => name.endsWith(`.${one.name}`) && linkTo(one, network))
      .toSorted((a, b) => b.name.length - a.name.length);
    if (!zone) continue;
    const found = recordsIn(zone, name);
    if (found) return found;
    if (!same(linkTo(zone, network).properties.resolutionPolicy, 'NxDomainRedirect')) return [];
  }
  const address = publicDns[host];
  return address === undefined ? [] : [address];
}
