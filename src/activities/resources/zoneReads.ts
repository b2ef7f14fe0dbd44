import type { Azure } from '../../azure/connectAzure.ts';
import type { VirtualNetworkLink } from '../../azure/clients.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { plannedResource } from '../../domain/resources.ts';
import { ignoreNotFound } from './ignoreNotFound.ts';
import { resourceHandle } from './resourceType.ts';

/** An A record of a private DNS zone, with its name relative to the zone, in lower case. */
export interface ZoneRecord {
  name: string;
  addresses: string[];
}

const zoneHandle = (azure: Azure, ref: EnvironmentRef, zone: string) =>
  resourceHandle(azure, plannedResource(ref, `zone:${zone}`).id);

/** The A records of a zone; undefined where there is no zone. */
export async function readRecords(azure: Azure, ref: EnvironmentRef, zone: string): Promise<ZoneRecord[] | undefined> {
  const { clients, group, names } = zoneHandle(azure, ref, zone);
  const sets = await ignoreNotFound(azure, Array.fromAsync(clients.dns.recordSets.listByType(group, names[0]!, 'A')));
  return sets?.map(({ name = '', aRecords = [] }) => ({
    name: name.toLowerCase(),
    addresses: aRecords.map(({ ipv4Address = '' }) => ipv4Address),
  }));
}

/** The link from a zone to the environment's network: its own, or in an existing zone that of the owner. Undefined where there is none. */
export async function readLink(
  azure: Azure,
  ref: EnvironmentRef,
  zone: string,
): Promise<VirtualNetworkLink | undefined> {
  const { clients, group, names } = zoneHandle(azure, ref, zone);
  const own = plannedResource(ref, `zoneLink:${zone}`).id.toLowerCase();
  const network = plannedResource(ref, 'virtualNetwork').id.toLowerCase();
  const listed = Array.fromAsync(clients.dns.virtualNetworkLinks.list(group, names[0]!));
  const links = (await ignoreNotFound(azure, listed)) ?? [];
  const isOwn = ({ id = '' }: VirtualNetworkLink): boolean => id.toLowerCase() === own;
  return links.find((link) => !isOwn(link) && link.virtualNetwork?.id?.toLowerCase() === network) ?? links.find(isOwn);
}
