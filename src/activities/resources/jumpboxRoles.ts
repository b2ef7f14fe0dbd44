import type { Azure } from '../../azure/connectAzure.ts';
import type { RoleDefinition } from '../../azure/clients.ts';
import { isBrought, isInGroup } from '../../domain/broughtResources.ts';
import { groupId, groupName, parseResourceId } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { plannedResource } from '../../domain/resources.ts';
import { listEndpointKeys, roleDefinitionIn } from '../../domain/roleDefinitions.ts';
import { retryLater, nonRetryable } from '../errors/activityFailures.ts';
import type { ActivityDeps } from '../deps.ts';
import { addedAssignments } from './addedAssignments.ts';
import { guidOf } from './guid.ts';
import { ignoreNotFound } from './ignoreNotFound.ts';
import { whileLocksSettle } from './lockSettling.ts';
import { resourceHandle } from './resourceType.ts';
import { assignmentName, builtInRoles, scopeOf } from './roleGrants.ts';
import type { Role } from './roleGrants.ts';
import { sealedGroup } from './resourceGroup.ts';

/** The group of the workspace, which another group may have. */
const workspaceGroup = (ref: EnvironmentRef): string => {
  const id = plannedResource(ref, 'workspace').id;
  const { subscriptionId, group } = parseResourceId(id)!;
  return isInGroup(ref, id) ? groupId(ref) : `/subscriptions/${subscriptionId}/resourceGroups/${group}`;
};

const keyReaderGuid = (ref: EnvironmentRef): string => guidOf('moat key reader', groupId(ref));

const authorization = (azure: Azure, ref: EnvironmentRef) => azure.clients(ref.subscriptionId).authorization;

async function principalOf(azure: Azure, ref: EnvironmentRef): Promise<string | undefined> {
  const { clients, group, names } = resourceHandle(azure, plannedResource(ref, 'identity').id);
  return (await ignoreNotFound(azure, clients.identities.userAssignedIdentities.get(group, names[0]!)))?.principalId;
}

/** A custom role that only lists the keys of online endpoints in the group of the workspace. */
const keyReader = (ref: EnvironmentRef): RoleDefinition => ({
  // Role names must be unique in the tenant.
  roleName: `Moat endpoint key reader ${ref.name} ${keyReaderGuid(ref).slice(0, 8)}`,
  roleType: 'CustomRole',
  description: 'Only lists the keys of online endpoints',
  permissions: [
    {
      actions: [listEndpointKeys],
      notActions: [],
      dataActions: [],
      notDataActions: [],
    },
  ],
  assignableScopes: [...new Set([groupId(ref), workspaceGroup(ref)])],
});

/** The id of a role's definition in the environment's subscription. Creates the custom role where it does not exist. */
async function roleDefinition(azure: Azure, { ref, role, roleDefinitionId }: GrantInput): Promise<string> {
  const existing = roleDefinitionId ?? builtInRoles[role];
  if (existing) return roleDefinitionIn(ref.subscriptionId, existing);
  const guid = keyReaderGuid(ref);
  if (!(await customRole(azure, ref)))
    await authorization(azure, ref).roleDefinitions.createOrUpdate(groupId(ref).slice(1), guid, keyReader(ref));
  return roleDefinitionIn(ref.subscriptionId, guid);
}

/**
 * Deletes assignments that Moat made under the name of this one, or to an earlier identity: names follow from principals. Azure keeps the
 * assignments of a deleted identity, and refuses to change the role of an assignment (`RoleAssignmentUpdateNotPermitted`). Absent ones are success.
 */
async function deleteStaleAssignments(
  azure: Azure,
  { ref, role }: GrantInput,
  wanted: { principalId: string; roleDefinitionId: string },
): Promise<void> {
  const scope = scopeOf(ref, role);
  const { roleAssignments } = authorization(azure, ref);
  for await (const { id, name, principalId = '', roleDefinitionId = '' } of roleAssignments.listForScope(
    scope.slice(1),
    { filter: 'atScope()' },
  )) {
    const isWanted = principalId === wanted.principalId && sameRole(roleDefinitionId, wanted.roleDefinitionId);
    if (id && !isWanted && name === assignmentName(ref, principalId, scope, role))
      await ignoreNotFound(azure, roleAssignments.deleteById(id.slice(1)));
  }
}

/** ARM returns a definition's id with or without a subscription. */
const sameRole = (one: string, other: string): boolean =>
  one.split('/').at(-1)?.toLowerCase() === other.split('/').at(-1)?.toLowerCase();

export interface GrantInput {
  ref: EnvironmentRef;
  role: Role;
  /** an existing role to assign instead of Moat's own */
  roleDefinitionId?: string;
}

/** Grants one role to the jumpbox's identity. It takes effect within minutes; scripts retry until then. */
export async function grantRole({ azure }: ActivityDeps, input: GrantInput): Promise<void> {
  const { ref, role } = input;
  const principalId = await principalOf(azure, ref);
  if (!principalId) throw retryLater('the managed identity is not visible yet', azure.delayMs(5));
  const scope = scopeOf(ref, role);
  const roleDefinitionId = await roleDefinition(azure, input);
  await deleteStaleAssignments(azure, input, { principalId, roleDefinitionId });
  try {
    await authorization(azure, ref).roleAssignments.create(
      scope.slice(1),
      assignmentName(ref, principalId, scope, role),
      {
        principalId,
        ...(!isInGroup(ref, scope) && { description: `Moat environment ${ref.name}, until it is deleted` }),
        // With the type given, Azure does not look up the principal, which may not be visible yet.
        principalType: 'ServicePrincipal',
        roleDefinitionId,
      },
    );
  } catch (error) {
    if (azure.errorOf(error).code !== 'RoleAssignmentExists') throw error;
  }
}

/** The role assignments of a principal at any scope of the subscription. */
async function assignmentsOf(
  azure: Azure,
  ref: EnvironmentRef,
  principalId: string,
): Promise<{ id: string; inGroup: boolean }[]> {
  const { roleAssignments } = authorization(azure, ref);
  const found: { id: string; inGroup: boolean }[] = [];
  for await (const { id, scope } of roleAssignments.listForSubscription({
    filter: `principalId eq '${principalId}'`,
  })) {
    if (id) found.push({ id, inGroup: isInGroup(ref, scope ?? '') });
  }
  return found;
}

const hasOwnIdentity = (ref: EnvironmentRef): boolean => !isBrought(ref, { key: 'identity' });

/** What the environment's own identity has anywhere, and what was assigned on brought resources for the environment. */
export async function ownAssignments(
  deps: ActivityDeps,
  ref: EnvironmentRef,
  principalId: string | null,
): Promise<string[]> {
  const ofIdentity = principalId === null ? [] : await assignmentsOf(deps.azure, ref, principalId);
  const own = ofIdentity.filter(({ inGroup }) => inGroup || hasOwnIdentity(ref)).map(({ id }) => id);
  return [...new Set([...own, ...(await addedAssignments(deps, ref))])];
}

/** The id of the custom role that Moat defined, where there is one. */
export async function customRole(azure: Azure, ref: EnvironmentRef): Promise<string | undefined> {
  const scope = `subscriptions/${ref.subscriptionId}`;
  return (await ignoreNotFound(azure, authorization(azure, ref).roleDefinitions.get(scope, keyReaderGuid(ref))))?.id;
}

/** Assignments of the custom role to any principal: they would prevent its deletion. */
async function assignmentsOfCustomRole(azure: Azure, ref: EnvironmentRef): Promise<string[]> {
  const own = keyReaderGuid(ref);
  const assignments: string[] = [];
  const all = authorization(azure, ref).roleAssignments.listForResourceGroup(groupName(ref));
  for await (const { id, scope, roleDefinitionId } of all) {
    if (id && isInGroup(ref, scope ?? '') && sameRole(roleDefinitionId ?? '', own)) assignments.push(id);
  }
  return assignments;
}

/** The jumpbox's identity with its role assignments, and the custom role. Changes nothing. */
export async function listRoles(
  deps: ActivityDeps,
  { ref }: { ref: EnvironmentRef },
): Promise<{ principalId: string | null; ids: string[] }> {
  const { azure } = deps;
  const principalId = (await principalOf(azure, ref)) ?? null;
  const role = await customRole(azure, ref);
  const ids = [
    ...(await ownAssignments(deps, ref, principalId)),
    ...(role ? [...(await assignmentsOfCustomRole(azure, ref)), role] : []),
  ];
  return { principalId, ids: [...new Set(ids)] };
}

/**
 * Revokes every role that was granted in the group, and those that Moat granted on brought resources, and deletes the custom role that Moat defined, where there is one: a caller without
 * permission on role definitions sends no such request. A role that the spec named stays. Absent ones are success. Throws `Blocked` (final)
 * where the environment's own identity has a role that Moat did not grant: it is not revoked.
 */
export async function revokeRoles(
  deps: ActivityDeps,
  { ref, awaitLocks }: { ref: EnvironmentRef; awaitLocks?: boolean },
): Promise<void> {
  const { azure } = deps;
  const group = await sealedGroup(deps, ref);
  const { roleAssignments, roleDefinitions } = authorization(azure, ref);
  const revoke = (id: string) =>
    whileLocksSettle(deps, awaitLocks, () => ignoreNotFound(azure, roleAssignments.deleteById(id.slice(1))));
  const added = await addedAssignments(deps, ref);
  for (const id of added) await revoke(id);
  if (!group) return;
  const principalId = await principalOf(azure, ref);
  const ofIdentity = principalId === undefined ? [] : await assignmentsOf(azure, ref, principalId);
  const inGroup = ofIdentity.filter((one) => one.inGroup).map(({ id }) => id);
  for (const id of new Set([...inGroup, ...(await assignmentsOfCustomRole(azure, ref))])) await revoke(id);
  if (await customRole(azure, ref))
    await ignoreNotFound(azure, roleDefinitions.delete(groupId(ref).slice(1), keyReaderGuid(ref)));
  const outside = ofIdentity.filter(({ id, inGroup }) => !inGroup && !added.includes(id)).map(({ id }) => id);
  if (outside.length > 0 && hasOwnIdentity(ref))
    throw nonRetryable({
      type: 'Blocked',
      message: `the managed identity has roles outside the group: ${outside.join(' ')}`,
      remedy: `az role assignment delete --ids ${outside.join(' ')}`,
      code: 'ForeignRoleAssignment',
    });
}
