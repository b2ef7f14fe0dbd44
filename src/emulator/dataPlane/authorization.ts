import type { Instant, Cloud } from '../arm/model.ts';
import { roleIsEffective } from '../providers/authorization/roleAssignments.ts';
import { roleDefinitionFor } from '../providers/authorization/roleDefinitions.ts';
import { listAt, textAt } from './jsonPath.ts';

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

/**
 * Whether a principal may do something at a scope at an instant: one of its role assignments there or above permits the
 * action (or data action) and has become effective by then.
 */
export function isAuthorized(
  cloud: Cloud,
  ask: { principalId: string; scope: string; at: Instant } & ({ action: string } | { dataAction: string }),
): boolean {
  const { principalId, scope, at } = ask;
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
export function visibleSubscriptions(cloud: Cloud, principalId: string, at: Instant): string[] {
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
