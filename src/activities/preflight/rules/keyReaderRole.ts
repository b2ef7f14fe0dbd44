import { isWithin } from '../../../domain/naming.ts';
import { permits, scoringActions } from '../../../domain/roleDefinitions.ts';
import type { NamedRole, RoleDefinition } from '../facts.ts';
import { defineRule, observation } from '../rule.ts';
import type { Observation } from '../rule.ts';

const member = '"jumpbox.keyReaderRoleDefinitionId"';

/** No role of that id exists in the directory of the subscription. */
function roleIsMissing({ id }: Pick<NamedRole, 'id'>): Observation[] {
  const message = `${member}: no role definition ${id}`;
  return [
    observation(
      'blocks',
      message,
      `az role definition list --name <role> --query "[].id" shows the id; or POST without ${member}`,
    ),
  ];
}

const managementGroup = /^\/providers\/Microsoft\.Management\/managementGroups\//i;

/** The role may be assigned at the scope. Whether the subscription is below a management group cannot be read with the roles of a run. */
export function roleIsAssignable(
  { id, scope }: Omit<NamedRole, 'role'>,
  { assignableScopes = [] }: RoleDefinition,
): Observation[] {
  if (assignableScopes.some((one) => one === '/' || isWithin(scope, one))) return [];
  const message = `role definition ${id} is assignable at ${assignableScopes.join(', ') || 'no scope'}`;
  if (assignableScopes.some((one) => managementGroup.test(one)))
    return [observation('unknown', `${message}; whether ${scope} is below cannot be checked`)];
  const remedy = `add /subscriptions/${scope.split('/')[2]} to its assignable scopes (az role definition update), or POST with another ${member}`;
  return [observation('blocks', `${message}, not at ${scope}`, remedy)];
}

/** The role has the one action that the jumpbox needs, wildcards and `notActions` considered. */
function rolePermits(needed: string, { id }: NamedRole, { permissions = [] }: RoleDefinition): Observation[] {
  if (permissions.some((one) => permits(one, needed))) return [];
  const message = `role definition ${id} does not permit ${needed}`;
  return [observation('blocks', message, `add the action (az role definition update), or POST with another ${member}`)];
}

/** The jumpbox should be able to do nothing else in the workspace. */
function roleIsNarrow(needed: string, { id }: NamedRole, { permissions = [] }: RoleDefinition): Observation[] {
  const isNeeded = (action: string): boolean => action.toLowerCase() === needed.toLowerCase();
  const more = permissions.flatMap(({ actions = [], dataActions = [] }) => [
    ...actions.filter((action) => !isNeeded(action)),
    ...dataActions,
  ]);
  if (more.length === 0) return [];
  const message = `role definition ${id} permits the jumpbox more than it needs to score: ${more.slice(0, 5).join(', ')}`;
  return [observation('warns', message, `a role with the only action ${needed} is enough`)];
}

/** PF-25: the role that the spec names for the jumpbox exists, can be assigned on the workspace, and has the action of the spec's mode of authentication. */
export const keyReaderRole = defineRule({
  id: 'PF-25',
  title: 'The role that the spec names for the jumpbox exists, is assignable and has the action that scoring needs',
  reads: ['namedRole'],
  severities: ['blocks', 'warns', 'unknown'],
  source: 'Azure docs: custom roles; role definitions; authenticate clients for online endpoints',
  check({ namedRole, environment }) {
    if (!namedRole) return [];
    const { role } = namedRole;
    if (!role) return roleIsMissing(namedRole);
    const needed = scoringActions[environment.spec.authMode];
    return [
      ...roleIsAssignable(namedRole, role),
      ...rolePermits(needed, namedRole, role),
      ...roleIsNarrow(needed, namedRole, role),
    ];
  },
});
