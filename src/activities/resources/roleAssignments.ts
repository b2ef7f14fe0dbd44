import type { Azure } from '../../azure/connectAzure.ts';
import type { RoleDefinition } from '../../azure/clients.ts';
import { groupId, groupName, isWithin } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { plannedResource } from '../../domain/resources.ts';
import type { ResourceKey } from '../../domain/resourceKeys.ts';
import { retryLater, nonRetryable } from '../errors/activityFailures.ts';
import type { ActivityDeps } from '../deps.ts';
import { guidOf } from './guid.ts';
import { lookup } from './lookup.ts';
import { resourceHandle } from './resourceType.ts';
import { sealedGroup } from './resourceGroup.ts';

/** The roles of the jumpbox's identity. */
export type Role = 'pushImages' | 'uploadBlobs' | 'listKeys';

/** Azure's built-in roles AcrPush and Storage Blob Data Contributor; listing an endpoint's keys has none that is narrow enough. */
const grants: Record<Role, { on: ResourceKey; builtIn?: string }> = {
  pushImages: { on: 'registry', builtIn: '8311e382-0749-4cb8-b61a-304f252e45ec' },
  uploadBlobs: { on: 'storageAccount', builtIn: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe' },
  listKeys: { on: 'workspace' },
};

const definitionPath = '/providers/Microsoft.Authorization/roleDefinitions/';
const keyReaderGuid = (site: EnvironmentRef): string => guidOf('moat key reader', groupId(site));

const authorization = (azure: Azure, site: EnvironmentRef) => azure.clients(site.subscriptionId).authorization;

async function principalOf(azure: Azure, site: EnvironmentRef): Promise<string | undefined> {
  const { clients, group, names } = resourceHandle(azure, plannedResource(site, 'identity').id);
  return (await lookup(azure, clients.identities.userAssignedIdentities.get(group, names[0]!)))?.principalId;
}

/** A role that lists the keys of online endpoints in the environment's group and does nothing else. */
const keyReader = (site: EnvironmentRef): RoleDefinition => ({
  // Names of roles are unique in the whole tenant.
  roleName: `Moat endpoint key reader ${site.name} ${keyReaderGuid(site).slice(0, 8)}`,
  roleType: 'CustomRole',
  description: 'Lists the keys of online endpoints and does nothing else',
  permissions: [
    {
      actions: ['Microsoft.MachineLearningServices/workspaces/onlineEndpoints/listKeys/action'],
      notActions: [],
      dataActions: [],
      notDataActions: [],
    },
  ],
  assignableScopes: [groupId(site)],
});

/** The id of a role's definition; the custom one is created where it is missing. */
async function roleDefinition(azure: Azure, site: EnvironmentRef, role: Role): Promise<string> {
  const { builtIn } = grants[role];
  const subscription = `/subscriptions/${site.subscriptionId}`;
  if (builtIn) return `${subscription}${definitionPath}${builtIn}`;
  const guid = keyReaderGuid(site);
  const { roleDefinitions } = authorization(azure, site);
  const scope = groupId(site).slice(1);
  if (!(await lookup(azure, roleDefinitions.get(scope, guid)))) {
    await roleDefinitions.createOrUpdate(scope, guid, keyReader(site));
  }
  return `${subscription}${definitionPath}${guid}`;
}

/** Grants one role to the jumpbox's identity. It takes effect within minutes; scripts retry until then. */
export async function grantRole(
  { azure }: ActivityDeps,
  { site, role }: { site: EnvironmentRef; role: Role },
): Promise<void> {
  const principalId = await principalOf(azure, site);
  if (!principalId) throw retryLater('the managed identity is not visible yet', azure.delayMs(5));
  const scope = plannedResource(site, grants[role].on).id;
  const roleDefinitionId = await roleDefinition(azure, site, role);
  try {
    await authorization(azure, site).roleAssignments.create(scope.slice(1), guidOf(principalId, scope, role), {
      principalId,
      // With it Azure does not resolve the principal, which may not be visible yet.
      principalType: 'ServicePrincipal',
      roleDefinitionId,
    });
  } catch (error) {
    if (azure.errorOf(error).code !== 'RoleAssignmentExists') throw error;
  }
}

/** The role assignments of a principal at any scope of the subscription. */
export async function assignmentsOf(
  azure: Azure,
  site: EnvironmentRef,
  principalId: string,
): Promise<{ id: string; inGroup: boolean }[]> {
  const { roleAssignments } = authorization(azure, site);
  const found: { id: string; inGroup: boolean }[] = [];
  for await (const { id, scope } of roleAssignments.listForSubscription({
    filter: `principalId eq '${principalId}'`,
  })) {
    if (id) found.push({ id, inGroup: isInGroup(site, scope) });
  }
  return found;
}

const isInGroup = (site: EnvironmentRef, scope: string | undefined): boolean => isWithin(scope ?? '', groupId(site));

/** The id of the custom role, where there is one. */
export async function customRole(azure: Azure, site: EnvironmentRef): Promise<string | undefined> {
  const scope = `subscriptions/${site.subscriptionId}`;
  return (await lookup(azure, authorization(azure, site).roleDefinitions.get(scope, keyReaderGuid(site))))?.id;
}

/** Assignments of the custom role to any principal: they would prevent its deletion. */
async function assignmentsOfCustomRole(azure: Azure, site: EnvironmentRef): Promise<string[]> {
  const own = `${definitionPath}${keyReaderGuid(site)}`.toLowerCase();
  const given: string[] = [];
  const all = authorization(azure, site).roleAssignments.listForResourceGroup(groupName(site.name));
  for await (const { id, scope, roleDefinitionId } of all) {
    if (id && isInGroup(site, scope) && roleDefinitionId?.toLowerCase().endsWith(own)) given.push(id);
  }
  return given;
}

/** The jumpbox's identity with its role assignments, and the custom role. Changes nothing. */
export async function listRoles(
  { azure }: ActivityDeps,
  { site }: { site: EnvironmentRef },
): Promise<{ principalId: string | null; ids: string[] }> {
  const principalId = (await principalOf(azure, site)) ?? null;
  const ofIdentity = principalId === null ? [] : await assignmentsOf(azure, site, principalId);
  const role = await customRole(azure, site);
  const ids = [
    ...ofIdentity.map(({ id }) => id),
    ...(role ? [...(await assignmentsOfCustomRole(azure, site)), role] : []),
  ];
  return { principalId, ids: [...new Set(ids)] };
}

/**
 * Revokes every role that was granted in the group and deletes the custom role. Absent ones are success. Throws `Blocked`
 * (final) where the identity has a role outside the group, which Moat did not grant and does not revoke.
 */
export async function revokeRoles(deps: ActivityDeps, { site }: { site: EnvironmentRef }): Promise<void> {
  const { azure } = deps;
  if (!(await sealedGroup(deps, site))) return;
  const { roleAssignments, roleDefinitions } = authorization(azure, site);
  const principalId = await principalOf(azure, site);
  const ofIdentity = principalId === undefined ? [] : await assignmentsOf(azure, site, principalId);
  const inGroup = ofIdentity.filter((one) => one.inGroup).map(({ id }) => id);
  for (const id of new Set([...inGroup, ...(await assignmentsOfCustomRole(azure, site))]))
    await lookup(azure, roleAssignments.deleteById(id.slice(1)));
  await lookup(azure, roleDefinitions.delete(groupId(site).slice(1), keyReaderGuid(site)));
  const elsewhere = ofIdentity.filter((one) => !one.inGroup).map(({ id }) => id);
  if (elsewhere.length > 0)
    throw nonRetryable({
      type: 'Blocked',
      message: `the managed identity has roles outside the group: ${elsewhere.join(' ')}`,
      remedy: `az role assignment delete --ids ${elsewhere.join(' ')}`,
      code: 'ForeignRoleAssignment',
    });
}
