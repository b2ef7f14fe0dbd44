import { groupId } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { ActivityDeps } from '../deps.ts';
import { listAdditions } from './listAdditions.ts';
import { deletedVault } from './purgeVault.ts';
import { readGroup } from './resourceGroup.ts';
import { customRole, ownAssignments } from './jumpboxRoles.ts';

/**
 * The ids of an environment's resources that still exist after its teardown: group, soft-deleted vault, custom role, role assignments
 * of the identity (`principalId`; null when unknown), and what was added to existing resources. An empty list is the proof. ARM does not list soft-deleted workspaces.
 */
export async function verifyDeleted(
  deps: ActivityDeps,
  { ref, principalId }: { ref: EnvironmentRef; principalId: string | null },
): Promise<string[]> {
  const { resources, versions, connections } = await listAdditions(deps, { ref });
  const group = await readGroup(deps.azure, ref);
  const vault = await deletedVault(deps, { ref });
  const role = await customRole(deps.azure, ref);
  const assignments = await ownAssignments(deps, ref, principalId);
  return [
    ...(group ? [groupId(ref)] : []),
    ...(vault ? [vault.id] : []),
    ...(role ? [role] : []),
    ...assignments,
    ...resources,
    ...versions,
    ...connections,
  ];
}
