import type { Azure } from '../../azure/connectAzure.ts';
import { isBrought } from '../../domain/broughtResources.ts';
import { groupName } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { privateLinkKeys, privateLinks, zoneNames } from '../../domain/privateLinks.ts';
import type { PrivateLink } from '../../domain/resourceKeys.ts';
import { anyRecord } from '../../domain/resourceRow.ts';
import { plannedResource, resourceName } from '../../domain/resources.ts';
import { inProgress, retryLater } from '../errors/activityFailures.ts';
import type { ActivityDeps } from '../deps.ts';
import { readLink, readRecords } from '../resources/zoneReads.ts';
import { getWorkspace } from '../resources/types/mlWorkspace.ts';

async function missingRecords(azure: Azure, ref: EnvironmentRef): Promise<string[]> {
  const workspace = await getWorkspace({ generic: azure.generic, id: plannedResource(ref, 'workspace').id });
  const workspaceGuid = workspace.properties.workspaceId ?? '';
  const zones = privateLinkKeys.flatMap((link) => {
    const { target, zones } = privateLinks[link];
    const owner = { name: resourceName(ref, target), location: ref.location, workspaceGuid };
    return Object.entries(zones).map(([zone, records]) => ({ zone, expected: records(owner) }));
  });
  const missing = zones.map(async ({ zone, expected }) => {
    const records = (await readRecords(azure, ref, zone)) ?? [];
    const actual = new Set(records.filter(({ addresses }) => addresses.some(Boolean)).map(({ name }) => name));
    return expected
      .filter((name) => (name === anyRecord ? actual.size === 0 : !actual.has(name.toLowerCase())))
      .map((name) => `A record ${name} in ${zone}`);
  });
  return (await Promise.all(missing)).flat();
}

/** The states of a private endpoint's connections: one each. */
async function connectionStates(azure: Azure, ref: EnvironmentRef, link: PrivateLink): Promise<string[]> {
  const { network } = azure.clients(ref.subscriptionId);
  const found = await network.privateEndpoints.get(groupName(ref), resourceName(ref, `privateEndpoint:${link}`));
  const { privateLinkServiceConnections = [], manualPrivateLinkServiceConnections = [] } = found;
  return [...privateLinkServiceConnections, ...manualPrivateLinkServiceConnections].map(
    (one) => one.privateLinkServiceConnectionState?.status ?? 'unknown',
  );
}

async function unapproved(azure: Azure, ref: EnvironmentRef, link: PrivateLink): Promise<string[]> {
  const states = await connectionStates(azure, ref, link);
  const approved = states.length > 0 && states.every((state) => state === 'Approved');
  const name = resourceName(ref, `privateEndpoint:${link}`);
  return approved ? [] : [`approval of private endpoint ${name} (${states.join(', ') || 'no connection'})`];
}

/** Throws `InProgress` while owners of existing resources have not decided on the connections: with the commands that approve them. */
async function assertDecided(deps: ActivityDeps, ref: EnvironmentRef): Promise<void> {
  const { azure } = deps;
  const links = privateLinkKeys.filter((link) => isBrought(ref, { key: privateLinks[link].target }));
  const states = await Promise.all(links.map((link) => connectionStates(azure, ref, link)));
  const pending = links.filter((_, index) => states[index]!.includes('Pending'));
  if (pending.length === 0) return;
  const names = pending.map((link) => resourceName(ref, `privateEndpoint:${link}`));
  const targets = new Set(pending.map((link) => plannedResource(ref, privateLinks[link].target).id));
  const commands = [...targets].map(
    (target) =>
      `az network private-endpoint-connection approve --id $(az network private-endpoint-connection list --id ${target} --query "[?properties.privateLinkServiceConnectionState.status=='Pending'] | [0].id" --output tsv)`,
  );
  throw inProgress(
    `waiting for the owner's approval of ${names.join(', ')}: ${commands.join('; ')}`,
    azure.delayMs(15),
  );
}

async function unfinishedLink(azure: Azure, ref: EnvironmentRef, zone: string): Promise<string[]> {
  const link = await readLink(azure, ref, zone);
  const state = link?.virtualNetworkLinkState ?? 'unknown';
  return state === 'Completed' ? [] : [`link of ${zone} (${state})`];
}

/**
 * Checks that every private endpoint is approved, every zone linked and every record present: a zone group can be Succeeded before.
 * Throws `NotYetConsistent` with everything that is missing; `InProgress` where somebody else approves or writes it.
 */
export async function checkPrivateLinks(deps: ActivityDeps, { ref }: { ref: EnvironmentRef }): Promise<void> {
  const { azure } = deps;
  await assertDecided(deps, ref);
  const missing = await Promise.all([
    ...privateLinkKeys.map((link) => unapproved(azure, ref, link)),
    ...zoneNames.map((zone) => unfinishedLink(azure, ref, zone)),
    missingRecords(azure, ref),
  ]);
  const all = missing.flat();
  if (all.length === 0) return;
  const message = `missing: ${all.join('; ')}`;
  if (ref.zoneGroupsByPolicy)
    throw inProgress(`${message}; waiting for the policy that writes zone groups`, azure.delayMs(15));
  const remedy =
    'approve the private endpoint connections in the Azure portal, or DELETE the environment and POST it again';
  throw retryLater(message, azure.delayMs(5), remedy);
}
