import type { Azure } from '../../azure/connectAzure.ts';
import { groupName, names as namesOf, privateLinkNames, privateLinks, zoneNames } from '../../domain/naming.ts';
import type { PrivateLink, EnvironmentRef } from '../../domain/naming.ts';
import { plannedResource } from '../../domain/resources.ts';
import { retryLater } from '../errors/activityFailures.ts';
import type { ActivityDeps } from '../withHeartbeat.ts';
import { getWorkspace } from '../resources/types/mlWorkspace.ts';

/** Names that must have an address in a zone: relative, lower case; `*` alone stands for any. */
function expectedRecords(site: EnvironmentRef, workspaceGuid: string): Record<string, string[]> {
  const n = namesOf(site);
  const [api, notebooks] = privateLinks.workspace.zones;
  return {
    [privateLinks.vault.zones[0]]: [n.vault],
    [privateLinks.blob.zones[0]]: [n.storageAccount],
    [privateLinks.file.zones[0]]: [n.storageAccount],
    [privateLinks.registry.zones[0]]: [n.registry, `${n.registry}.${site.location}.data`],
    [api]: [
      `${workspaceGuid}.workspace.${site.location}`,
      `${workspaceGuid}.workspace.${site.location}.cert`,
      `*.${workspaceGuid}.inference.${site.location}`, // PF-19
    ],
    [notebooks]: [anyName],
  };
}

const anyName = '*';

async function recordsOf(azure: Azure, site: EnvironmentRef, zone: string): Promise<Set<string>> {
  const found = new Set<string>();
  const { recordSets } = azure.clients(site.subscriptionId).dns;
  for await (const { name, aRecords } of recordSets.listByType(groupName(site.name), zone, 'A')) {
    if (name && aRecords?.some((one) => one.ipv4Address)) found.add(name.toLowerCase());
  }
  return found;
}

async function missingRecords(azure: Azure, site: EnvironmentRef): Promise<string[]> {
  const workspace = await getWorkspace({ generic: azure.generic, id: plannedResource(site, 'workspace').id });
  const guid = workspace.properties.workspaceId ?? '';
  const expected = Object.entries(expectedRecords(site, guid));
  const missing = expected.map(async ([zone, names]) => {
    const there = await recordsOf(azure, site, zone);
    return names
      .filter((name) => (name === anyName ? there.size === 0 : !there.has(name.toLowerCase())))
      .map((name) => `A record ${name} in ${zone}`);
  });
  return (await Promise.all(missing)).flat();
}

async function unapproved(azure: Azure, site: EnvironmentRef, link: PrivateLink): Promise<string[]> {
  const { network } = azure.clients(site.subscriptionId);
  const name = namesOf(site).privateEndpoint(link);
  const found = await network.privateEndpoints.get(groupName(site.name), name);
  const connections = found.privateLinkServiceConnections ?? [];
  const states = connections.map((one) => one.privateLinkServiceConnectionState?.status ?? 'unknown');
  const approved = states.length > 0 && states.every((state) => state === 'Approved');
  return approved ? [] : [`approval of private endpoint ${name} (${states.join(', ') || 'no connection'})`];
}

async function unfinishedLink(azure: Azure, site: EnvironmentRef, zone: string): Promise<string[]> {
  const { dns } = azure.clients(site.subscriptionId);
  const link = await dns.virtualNetworkLinks.get(groupName(site.name), zone, namesOf(site).zoneLink);
  const state = link.virtualNetworkLinkState ?? 'unknown';
  return state === 'Completed' ? [] : [`link of ${zone} (${state})`];
}

/**
 * Looks once whether names resolve and private endpoints lead somewhere: a zone group can have Succeeded without either.
 * Throws `NotYetConsistent` that names all that is missing.
 */
export async function checkPrivateLinks({ azure }: ActivityDeps, { site }: { site: EnvironmentRef }): Promise<void> {
  const missing = await Promise.all([
    ...privateLinkNames.map((link) => unapproved(azure, site, link)),
    ...zoneNames.map((zone) => unfinishedLink(azure, site, zone)),
    missingRecords(azure, site),
  ]);
  const all = missing.flat();
  if (all.length > 0) {
    const remedy = 'approve the private endpoint connections in the Azure portal, or delete and provision again';
    throw retryLater('NotYetConsistent', `not there yet: ${all.join('; ')}`, remedy, azure.delayMs(5));
  }
}
