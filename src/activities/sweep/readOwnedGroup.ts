import { groupName } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { FoundGroup } from '../../domain/sweep/inputs.ts';
import { refFromTags } from '../../domain/usesTags.ts';
import type { ActivityDeps } from '../deps.ts';
import { ignoreNotFound } from '../resources/ignoreNotFound.ts';
import { foundGroup } from './findGroups.ts';
import { readSuffix } from './readSuffix.ts';

type Brought = Pick<EnvironmentRef, 'ids' | 'zoneGroupsByPolicy'>;

/**
 * Reads an environment's resource group, the suffix of its resources' names, and the existing resources that it uses; nothing where there is
 * no group.
 */
export async function readOwnedGroup(
  { azure, sealKey }: ActivityDeps,
  { ref }: { ref: EnvironmentRef },
): Promise<{ group: FoundGroup | null; suffix: string | null; brought: Brought }> {
  const { subscriptionId } = ref;
  const { resourceGroups } = azure.clients(subscriptionId).resources;
  const group = await ignoreNotFound(azure, resourceGroups.get(groupName(ref)));
  if (!group) return { group: null, suffix: null, brought: {} };
  const { suffix, ...brought } = refFromTags(subscriptionId, group.tags ?? {});
  return {
    group: foundGroup(sealKey, subscriptionId, group),
    suffix: suffix ?? (await readSuffix(azure, ref)),
    brought,
  };
}
