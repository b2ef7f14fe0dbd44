import { groupName } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { ExistingIds } from '../../domain/existingResources.ts';
import type { FoundGroup } from '../../domain/sweep/inputs.ts';
import type { ActivityDeps } from '../deps.ts';
import { findAdoptedIds } from '../adoption/findAdoptedIds.ts';
import { ignoreNotFound } from '../resources/ignoreNotFound.ts';
import { foundGroup } from './findGroups.ts';
import { readSuffix } from './readSuffix.ts';

/**
 * Reads an environment's resource group, the suffix of its resources' names, and the ids of resources whose names do not follow from it, because
 * the environment was adopted. All null where there is no group.
 */
export async function readOwnedGroup(
  { azure, sealKey }: ActivityDeps,
  { ref }: { ref: EnvironmentRef },
): Promise<{ group: FoundGroup | null; suffix: string | null; ids: ExistingIds | null }> {
  const { subscriptionId } = ref;
  const { resourceGroups } = azure.clients(subscriptionId).resources;
  const group = await ignoreNotFound(azure, resourceGroups.get(groupName(ref)));
  if (!group) return { group: null, suffix: null, ids: null };
  const suffix = await readSuffix(azure, ref);
  const { ids } = suffix === null ? { ids: null } : await findAdoptedIds(azure, { ...ref, suffix });
  return { group: foundGroup(sealKey, subscriptionId, group), suffix, ids };
}
