import { groupName } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { FoundGroup } from '../../domain/sweep/inputs.ts';
import { refFromTags } from '../../domain/usesTags.ts';
import type { ActivityDeps } from '../deps.ts';
import { findAdoptedIds } from '../adoption/findAdoptedIds.ts';
import { ignoreNotFound } from '../resources/ignoreNotFound.ts';
import { foundGroup } from './findGroups.ts';
import { readSuffix } from './readSuffix.ts';

type Found = Pick<EnvironmentRef, 'ids' | 'zoneGroupsByPolicy'>;

/**
 * Reads an environment's resource group, the suffix of its resources' names, and what of its resources has an id that does not follow from it:
 * existing ones that it uses, and those of an adopted group. Nothing where there is no group.
 */
export async function readOwnedGroup(
  { azure, sealKey }: ActivityDeps,
  { ref }: { ref: EnvironmentRef },
): Promise<{ group: FoundGroup | null; suffix: string | null; found: Found }> {
  const { subscriptionId } = ref;
  const { resourceGroups } = azure.clients(subscriptionId).resources;
  const group = await ignoreNotFound(azure, resourceGroups.get(groupName(ref)));
  if (!group) return { group: null, suffix: null, found: {} };
  const { suffix: tagged, ...brought } = refFromTags(subscriptionId, group.tags ?? {});
  const suffix = tagged ?? (await readSuffix(azure, ref));
  // an environment that uses existing resources is never an adopted one: the workspace's endpoints may be of others
  const isAdoptable = suffix !== null && brought.ids === undefined;
  const ids = isAdoptable ? (await findAdoptedIds(azure, { ...ref, suffix })).ids : {};
  const found = { ...brought, ...(Object.keys(ids).length > 0 && { ids }) };
  return { group: foundGroup(sealKey, subscriptionId, group), suffix, found };
}
