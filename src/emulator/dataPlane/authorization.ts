import type { Instant, Cloud } from '../arm/model.ts';
import { roleIsEffective } from '../providers/authorization/roleAssignments.ts';
import { roleDefinitionFor } from '../providers/authorization/roleDefinitions.ts';
import { listAt, textAt } from './jsonPath.ts';
import type { Principal } from './managedIdentityTokens.ts';

/** What a role's permissions grant: patterns of actions or data actions, without the excluded ones. */
function grants(cloud: Cloud, roleId: string, kind: 'actions' | 'dataActions', action: string): boolean {
  const taken = kind === 'actions' ? 'notActions' : 'notDataActions';
  return listAt(roleDefinitionFor(cloud, roleId)?.properties, 'permissions').some(
    (permission) =>
      listAt(permission, kind).some((pattern) => typeof pattern === 'string' && covers(pattern, action)) &&
      !listAt(permission, taken).some((pattern) => typeof pattern === 'string' && covers(pattern, action)),
  );
}

function covers(pattern: string, action: string): boolean {
  const parts = pattern
    .toLowerCase()
    .split('*')
    .map((part) => part.replace(/[.\\/+?^$()[\]{}|]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`).test(action.toLowerCase());
}

/** The instant by which a role must have been effective, for a token that is used now. */
const rolesOf = (principal: Principal, now: Instant): Instant => Math.min(principal.rolesAt ?? now, now);

/**
 * Whether a principal may do something at a scope at an instant: one of its role assignments there or above permits the
 * action (or data action) and has become effective by then, or by the issue of its token where that carries the roles.
 */
export function isAuthorized(
  cloud: Cloud,
  ask: { principal: Principal; scope: string; at: Instant } & ({ action: string } | { dataAction: string }),
): boolean {
  const { principal, scope } = ask;
  const { principalId } = principal;
  const at = rolesOf(principal, ask.at);
  const roleIds = cloud
    .ofType('Microsoft.Authorization/roleAssignments')
    .filter((assignment) => textAt(assignment.properties, 'principalId') === principalId)
    .map((assignment) => textAt(assignment.properties, 'roleDefinitionId'));
  return [...new Set(roleIds)].some(
    (roleId) =>
      ('action' in ask
        ? grants(cloud, roleId, 'actions', ask.action)
        : grants(cloud, roleId, 'dataActions', ask.dataAction)) &&
      roleIsEffective(cloud, { principalId, scope, roleId, at }),
  );
}

/** The subscriptions in which a principal has any effective role: those that Resource Manager shows to it. */
export function visibleSubscriptions(cloud: Cloud, principal: Principal, now: Instant): string[] {
  const { principalId } = principal;
  const at = rolesOf(principal, now);
  const subscriptions = cloud
    .ofType('Microsoft.Authorization/roleAssignments')
    .filter(({ id, properties }) => {
      const scope = id.split('/providers/Microsoft.Authorization/')[0] ?? '';
      const roleId = textAt(properties, 'roleDefinitionId');
      return (
        textAt(properties, 'principalId') === principalId && roleIsEffective(cloud, { principalId, scope, roleId, at })
      );
    })
    .map(({ id }) => id.split('/')[2] ?? '');
  return [...new Set(subscriptions)];
}
