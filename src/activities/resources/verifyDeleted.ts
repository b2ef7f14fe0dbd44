import { groupId } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { ActivityDeps } from '../deps.ts';
import { deletedVault } from './purgeVault.ts';
import { readGroup } from './resourceGroup.ts';
import { assignmentsOf, customRole } from './jumpboxRoles.ts';

/**
 * What ARM still shows of an environment that was taken down: group, deleted vault, the custom role, role assignments of the
 * identity (`principalId`, null when it was not seen). An empty list is the proof. ARM lists no soft-deleted workspaces.
 */
export async function verifyDeleted(
  deps: ActivityDeps,
  { ref, principalId }: { ref: EnvironmentRef; principalId: string | null },
): Promise<string[]> {
  const group = await readGroup(deps.azure, ref);
  const vault = await deletedVault(deps, { ref });
  const role = await customRole(deps.azure, ref);
  const assignments = principalId === null ? [] : await assignmentsOf(deps.azure, ref, principalId);
  return [
    ...(group ? [groupId(ref)] : []),
    ...(vault ? [vault.id] : []),
    ...(role ? [role] : []),
    ...assignments.map(({ id }) => id),
  ];
}
