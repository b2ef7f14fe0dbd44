import { broughtIds } from '../../domain/additions.ts';
import { isBrought, isInGroup } from '../../domain/broughtResources.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { plannedResource } from '../../domain/resources.ts';
import type { ActivityDeps } from '../deps.ts';
import { ignoreNotFound } from './ignoreNotFound.ts';
import { isSealedAddition } from './ownershipSeal.ts';
import { resourceHandle } from './resourceType.ts';
import { resourceTypeOf } from './resourceTypes.ts';
import { assignmentName, roles, scopeOf } from './roleGrants.ts';

/** What Azure grants roles on to the identities of a workspace and an endpoint. */
const targets = ['registry', 'storageAccount', 'vault', 'applicationInsights', 'workspace'] as const;

interface WithIdentity {
  identity?: { principalId?: string };
}

/** The system-assigned identities of the environment's own workspace and of its endpoint, where they exist and are the environment's. */
async function servicePrincipals({ azure, sealKey }: ActivityDeps, ref: EnvironmentRef): Promise<string[]> {
  const own = (['workspace', 'onlineEndpoint'] as const)
    .map((key) => plannedResource(ref, key))
    .filter((resource) => !isBrought(ref, resource));
  const read = own.map(async ({ id }): Promise<string[]> => {
    const found = await ignoreNotFound<WithIdentity>(azure, resourceTypeOf(id).get(resourceHandle(azure, id)));
    const principalId = found?.identity?.principalId;
    const isOwn = found !== undefined && (isInGroup(ref, id) || isSealedAddition(sealKey, ref, id, found));
    return isOwn && principalId !== undefined ? [principalId] : [];
  });
  return (await Promise.all(read)).flat();
}

/**
 * The role assignments on brought resources that the environment caused: those that Moat made, also to an identity that exists no more, and
 * those that Azure made for the environment's workspace and endpoint.
 */
export async function addedAssignments(deps: ActivityDeps, ref: EnvironmentRef): Promise<string[]> {
  const scopes = broughtIds(ref, targets);
  if (scopes.length === 0) return [];
  const { azure } = deps;
  const { roleAssignments } = azure.clients(ref.subscriptionId).authorization;
  const principals = await servicePrincipals(deps, ref);
  const isOwn = (scope: string, name: string, principalId: string): boolean =>
    principals.includes(principalId) ||
    roles.some((role) => scopeOf(ref, role) === scope && name === assignmentName(ref, principalId, scope, role));
  const listed = scopes.map(async (scope) => {
    const atScope = Array.fromAsync(roleAssignments.listForScope(scope.slice(1), { filter: 'atScope()' }));
    return ((await ignoreNotFound(azure, atScope)) ?? []).flatMap(
      ({ id, name = '', principalId = '', scope: at = '' }) =>
        id !== undefined && !isInGroup(ref, at) && isOwn(scope, name, principalId) ? [id] : [],
    );
  });
  return [...new Set((await Promise.all(listed)).flat())];
}
