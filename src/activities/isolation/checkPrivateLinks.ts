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

async function recordsOf(azure: Azure, ref: EnvironmentRef, zone: string): Promise<Set<string>> {
  const found = new Set<string>();
  const { recordSets } = azure.clients(ref.subscriptionId).dns;
  for await (const { name, aRecords } of recordSets.listByType(groupName(ref), zone, 'A')) {
    if (name && aRecords?.some((one) => one.ipv4Address)) found.add(name.toLowerCase());
  }
  return found;
}

async function missingRecords(azure: Azure, ref: EnvironmentRef): Promise<string[]> {
  const workspace = await getWorkspace({ generic: azure.generic, id: plannedResource(ref, 'workspace').id });
  const workspaceGuid = workspace.properties.workspaceId ?? '';
  const zones = privateLinkKeys.flatMap((link) => {
    const { target, zones } = privateLinks[link];
    const owner = { name: resourceName(ref, target), location: ref.location, workspaceGuid };
    return Object.entries(zones).map(([zone, records]) => ({ zone, expected: records(owner) }));
  });
  const missing = zones.map(async ({ zone, expected }) => {
    const actual = await recordsOf(azure, ref, zone);
    return expected
      .filter((name) => (name === anyRecord ? actual.size === 0 : !actual.has(name.toLowerCase())))
      .map((name) => `A record ${name} in ${zone}`);
  });
  return (await Promise.all(missing)).flat();
}

async function unapproved(azure: Azure, ref: EnvironmentRef, link: PrivateLink): Promise<string[]> {
  const { network } = azure.clients(ref.subscriptionId);
  const name = resourceName(ref, `privateEndpoint:${link}`);
  const found = await network.privateEndpoints.get(groupName(ref), name);
  const connections = found.privateLinkServiceConnections ?? [];
  const states = connections.map((one) => one.privateLinkServiceConnectionState?.status ?? 'unknown');
  const approved = states.length > 0 && states.every((state) => state === 'Approved');
  return approved ? [] : [`approval of private endpoint ${name} (${states.join(', ') || 'no connection'})`];
}

async function unfinishedLink(azure: Azure, ref: EnvironmentRef, zone: string): Promise<string[]> {
  const { dns } = azure.clients(ref.subscriptionId);
  const link = await dns.virtualNetworkLinks.get(groupName(ref), zone, resourceName(ref, `zoneLink:${zone}`));
  const state = link.virtualNetworkLinkState ?? 'unknown';
  return state === 'Completed' ? [] : [`link of ${zone} (${state})`];
}

/**
 * Checks that every private endpoint is approved, every zone linked and every record present: a zone group can be Succeeded before.
 * Throws `NotYetConsistent` with everything that is missing.
 */
export async function checkPrivateLinks({ azure }: ActivityDeps, { ref }: { ref: EnvironmentRef }): Promise<void> {
  const missing = await Promise.all([
    ...privateLinkKeys.map((link) => unapproved(azure, ref, link)),
    ...zoneNames.map((zone) => unfinishedLink(azure, ref, zone)),
    missingRecords(azure, ref),
  ]);
  const all = missing.flat();
  if (all.length > 0) {
    const remedy =
      'approve the private endpoint connections in the Azure portal, or DELETE the environment and POST it again';
    throw retryLater(`missing: ${all.join('; ')}`, azure.delayMs(5), remedy);
  }
}
