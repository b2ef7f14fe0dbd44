import type { Finding } from '../../domain/preflightReport.ts';
import { isWithin } from '../../domain/naming.ts';
import { plannedResource } from '../../domain/resources.ts';
import { listEndpointKeys, permits, roleDefinitionIn } from '../../domain/roleDefinitions.ts';
import type { Permission } from '../../domain/roleDefinitions.ts';
import { ignoreNotFound } from '../resources/ignoreNotFound.ts';
import { finding } from './preflightContext.ts';
import type { PreflightContext } from './preflightContext.ts';

const rule = 'PF-25';
const member = '"jumpbox.keyReaderRoleDefinitionId"';

/** A role definition as ARM returns it. */
export interface RoleDefinition {
  roleName?: string;
  assignableScopes?: string[];
  permissions?: Permission[];
}

/** The role that the spec names, and the scope at which Moat assigns it. */
interface NamedRole {
  id: string;
  scope: string;
}

/** The role exists in the directory of the subscription. */
function roleExists({ id }: NamedRole, role: RoleDefinition | undefined): Finding[] {
  if (role) return [];
  const message = `${member}: no role definition ${id}`;
  return [
    finding(
      rule,
      'blocks',
      message,
      `az role definition list --name <role> --query "[].id" shows the id; or POST without ${member}`,
    ),
  ];
}

const managementGroup = /^\/providers\/Microsoft\.Management\/managementGroups\//i;

/** The role may be assigned at the scope. Whether the subscription is below a management group cannot be read with the roles of a run. */
export function roleIsAssignable({ id, scope }: NamedRole, { assignableScopes = [] }: RoleDefinition): Finding[] {
  if (assignableScopes.some((one) => one === '/' || isWithin(scope, one))) return [];
  const message = `role definition ${id} is assignable at ${assignableScopes.join(', ') || 'no scope'}`;
  if (assignableScopes.some((one) => managementGroup.test(one)))
    return [finding(rule, 'unknown', `${message}; whether ${scope} is below cannot be checked`)];
  const remedy = `add /subscriptions/${scope.split('/')[2]} to its assignable scopes (az role definition update), or POST with another ${member}`;
  return [finding(rule, 'blocks', `${message}, not at ${scope}`, remedy)];
}

/** The role has the one action that the jumpbox needs, wildcards and `notActions` considered. */
function roleListsKeys({ id }: NamedRole, { permissions = [] }: RoleDefinition): Finding[] {
  if (permissions.some((one) => permits(one, listEndpointKeys))) return [];
  const message = `role definition ${id} does not permit ${listEndpointKeys}`;
  return [
    finding(rule, 'blocks', message, `add the action (az role definition update), or POST with another ${member}`),
  ];
}

const isNeeded = (action: string): boolean => action.toLowerCase() === listEndpointKeys.toLowerCase();

/** The jumpbox should be able to do nothing else in the workspace. */
function roleIsNarrow({ id }: NamedRole, { permissions = [] }: RoleDefinition): Finding[] {
  const more = permissions.flatMap(({ actions = [], dataActions = [] }) => [
    ...actions.filter((action) => !isNeeded(action)),
    ...dataActions,
  ]);
  if (more.length === 0) return [];
  const message = `role definition ${id} permits the jumpbox more than to list the endpoint's keys: ${more.slice(0, 5).join(', ')}`;
  return [finding(rule, 'warns', message, `a role with the only action ${listEndpointKeys} is enough`)];
}

/** PF-25: the role that the spec names for the jumpbox exists, can be assigned on the workspace, and lists the endpoint's keys. */
export async function checkKeyReaderRole({ azure, ref, spec }: PreflightContext): Promise<Finding[]> {
  const named = spec.jumpbox.keyReaderRoleDefinitionId;
  if (named === undefined) return [];
  const id = roleDefinitionIn(ref.subscriptionId, named);
  const { roleDefinitions } = azure.clients(ref.subscriptionId).authorization;
  const role = await ignoreNotFound(azure, roleDefinitions.getById(id.slice(1)));
  const given = { id, scope: plannedResource(ref, 'workspace').id };
  if (!role) return roleExists(given, undefined);
  return [roleIsAssignable, roleListsKeys, roleIsNarrow].flatMap((check) => check(given, role));
}
