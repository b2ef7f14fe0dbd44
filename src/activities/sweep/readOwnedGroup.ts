import { groupName } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { FoundGroup } from '../../domain/sweep/inputs.ts';
import type { ActivityDeps } from '../deps.ts';
import { ignoreNotFound } from '../resources/ignoreNotFound.ts';
import { foundGroup } from './findGroups.ts';
import { readSuffix } from './readSuffix.ts';

/** Reads an environment's resource group and the suffix of its resources' names; both null where there is no group. */
export async function readOwnedGroup(
  { azure, sealKey }: ActivityDeps,
  { ref }: { ref: EnvironmentRef },
): Promise<{ group: FoundGroup | null; suffix: string | null }> {
  const { subscriptionId } = ref;
  const { resourceGroups } = azure.clients(subscriptionId).resources;
  const group = await ignoreNotFound(azure, resourceGroups.get(groupName(ref)));
  return {
    group: group ? foundGroup(sealKey, subscriptionId, group) : null,
    suffix: group ? await readSuffix(azure, ref) : null,
  };
}
