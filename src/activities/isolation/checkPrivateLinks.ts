import type { Azure } from '../../azure/connectAzure.ts';
import { groupName } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { privateLinkKeys, privateLinks, zoneNames } from '../../domain/privateLinks.ts';
import type { PrivateLink } from '../../domain/resourceKeys.ts';
import { anyRecord } from '../../domain/resourceRow.ts';
import { plannedResource, resourceName } from '../../domain/resources.ts';
import { retryLater } from '../errors/activityFailures.ts';
import type { ActivityDeps } from '../deps.ts';
import { getWorkspace } from '../resources/types/mlWorkspace.ts';

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
  const workspaceGuid = workspace.properties.workspaceId ?? '';
  const zones = privateLinkKeys.flatMap((link) => {
    const { target, zones } = privateLinks[link];
    const owner = { name: resourceName(site, target), location: site.location, workspaceGuid };
    return Object.entries(zones).map(([zone, records]) => ({ zone, expected: records(owner) }));
  });
  const missing = zones.map(async ({ zone, expected }) => {
    const actual = await recordsOf(azure, site, zone);
    return expected
      .filter((name) => (name === anyRecord ? actual.size === 0 : !actual.has(name.toLowerCase())))
      .map((name) => `A record ${name} in ${zone}`);
  });
  return (await Promise.all(missing)).flat();
}

async function unapproved(azure: Azure, site: EnvironmentRef, link: PrivateLink): Promise<string[]> {
  const { network } = azure.clients(site.subscriptionId);
  const name = resourceName(site, `privateEndpoint:${link}`);
  const found = await network.privateEndpoints.get(groupName(site.name), name);
  const connections = found.privateLinkServiceConnections ?? [];
  const states = connections.map((one) => one.privateLinkServiceConnectionState?.status ?? 'unknown');
  const approved = states.length > 0 && states.every((state) => state === 'Approved');
  return approved ? [] : [`approval of private endpoint ${name} (${states.join(', ') || 'no connection'})`];
}

async function unfinishedLink(azure: Azure, site: EnvironmentRef, zone: string): Promise<string[]> {
  const { dns } = azure.clients(site.subscriptionId);
  const link = await dns.virtualNetworkLinks.get(groupName(site.name), zone, resourceName(site, `zoneLink:${zone}`));
  const state = link.virtualNetworkLinkState ?? 'unknown';
  return state === 'Completed' ? [] : [`link of ${zone} (${state})`];
}

/**
 * Checks that every private endpoint is approved, every zone linked and every record present: a zone group can have Succeeded without.
 * Throws `NotYetConsistent` with everything that is missing.
 */
export async function checkPrivateLinks({ azure }: ActivityDeps, { site }: { site: EnvironmentRef }): Promise<void> {
  const missing = await Promise.all([
    ...privateLinkKeys.map((link) => unapproved(azure, site, link)),
    ...zoneNames.map((zone) => unfinishedLink(azure, site, zone)),
    missingRecords(azure, site),
  ]);
  const all = missing.flat();
  if (all.length > 0) {
    const remedy = 'approve the private endpoint connections in the Azure portal, or delete and provision again';
    throw retryLater(`missing: ${all.join('; ')}`, azure.delayMs(5), remedy);
  }
}
