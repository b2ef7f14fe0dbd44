import type { Azure } from '../../azure/connectAzure.ts';
import { isBrought } from '../../domain/broughtResources.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { plannedResource } from '../../domain/resources.ts';
import type { ActivityDeps } from '../deps.ts';
import { ignoreNotFound } from './ignoreNotFound.ts';
import { resourceHandle } from './resourceType.ts';
import { getWorkspace } from './types/mlWorkspace.ts';

/**
 * The containers and shares that Azure creates for a workspace in its storage account: the ends of their names are the workspace's guid
 * (Azure docs: storage of a workspace).
 */
const isOf = (guid: string, name: string): boolean =>
  guid !== '' && name.toLowerCase().endsWith(`-${guid.toLowerCase()}`);

/** The guid of the environment's own workspace where its storage account was brought; undefined where nothing of it can be there. */
async function guidOf(azure: Azure, ref: EnvironmentRef): Promise<string | undefined> {
  if (!isBrought(ref, { key: 'storageAccount' }) || isBrought(ref, { key: 'workspace' })) return undefined;
  const { id } = plannedResource(ref, 'workspace');
  const workspace = await ignoreNotFound(azure, getWorkspace({ generic: azure.generic, id }));
  return workspace?.properties.workspaceId;
}

interface Stored {
  containers: string[];
  shares: string[];
}

async function storedNames(azure: Azure, ref: EnvironmentRef): Promise<Stored> {
  const guid = await guidOf(azure, ref);
  if (guid === undefined) return { containers: [], shares: [] };
  const { clients, group, names } = resourceHandle(azure, plannedResource(ref, 'storageAccount').id);
  const { blobContainers, fileShares } = clients.storage;
  const [containers = [], shares = []] = await Promise.all([
    ignoreNotFound(azure, Array.fromAsync(blobContainers.list(group, names[0]!))),
    ignoreNotFound(azure, Array.fromAsync(fileShares.list(group, names[0]!))),
  ]);
  const own = (items: { name?: string }[]) => items.flatMap(({ name = '' }) => (isOf(guid, name) ? [name] : []));
  return { containers: own(containers), shares: own(shares) };
}

/** The containers and shares of the environment's own workspace in a brought storage account. Known only while the workspace exists. */
export async function addedContainers({ azure }: ActivityDeps, ref: EnvironmentRef): Promise<string[]> {
  const { containers, shares } = await storedNames(azure, ref);
  const { id } = plannedResource(ref, 'storageAccount');
  return [
    ...containers.map((name) => `${id}/blobServices/default/containers/${name}`),
    ...shares.map((name) => `${id}/fileServices/default/shares/${name}`),
  ];
}

/** Deletes the containers and shares of the environment's own workspace in a brought storage account, with what they hold. */
export async function deleteAddedContainers({ azure }: ActivityDeps, { ref }: { ref: EnvironmentRef }): Promise<void> {
  const { containers, shares } = await storedNames(azure, ref);
  const { clients, group, names } = resourceHandle(azure, plannedResource(ref, 'storageAccount').id);
  const { blobContainers, fileShares } = clients.storage;
  for (const name of containers) await ignoreNotFound(azure, blobContainers.delete(group, names[0]!, name));
  for (const name of shares) await ignoreNotFound(azure, fileShares.delete(group, names[0]!, name));
}
