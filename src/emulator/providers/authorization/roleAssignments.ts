import { asList, asText, textOf } from '../../http/call.ts';
import { nameOf, sameId } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { Instant, JsonObject, PutRequest, Resource, ResourceType, Cloud } from '../../arm/model.ts';
import { toArm } from '../../arm/toArm.ts';
import { roleDefinition, roleDefinitionFor } from './roleDefinitions.ts';

const type = 'Microsoft.Authorization/roleAssignments';
const extension = /\/providers\/microsoft\.authorization\/roleassignments\/[^/]+$/i;

const scopeOf = (assignment: Resource): string => assignment.id.replace(extension, '');

/** Whether `scope` is `outer` or below it. */
const liesIn = (scope: string, outer: string): boolean =>
  sameId(scope, outer) || scope.toLowerCase().startsWith(`${outer.toLowerCase()}/`);

/**
 * Whether a principal has a role (GUID or full id) at a scope at an instant: assigned there or above, and long enough ago
 * (`roleAssignment.effective`) to have reached the services.
 */
export function roleIsEffective(
  cloud: Cloud,
  ask: { principalId: string; scope: string; roleId: string; at: Instant },
): boolean {
  return cloud
    .ofType(type)
    .some(
      (assignment) =>
        sameId(textOf(assignment.properties['principalId']), ask.principalId) &&
        sameId(nameOf(textOf(assignment.properties['roleDefinitionId'])), nameOf(ask.roleId)) &&
        liesIn(ask.scope, scopeOf(assignment)) &&
        Number(assignment.secrets?.['effectiveAt']) <= ask.at,
    );
}

/** An assignment must lie within one of its definition's scopes. Management groups are above every subscription of the emulator. */
function requireAssignable(role: Resource, scope: string): void {
  const scopes = asList(role.properties['assignableScopes']).map(textOf);
  const covers = (one: string): boolean =>
    one === '/' || /^\/providers\/microsoft\.management\//i.test(one) || liesIn(scope, one);
  if (scopes.some(covers)) return;
  throw new ArmError(
    400,
    'RoleAssignmentScopeNotAssignableToRoleDefinition',
    `The role assignment scope '${scope}' is not among the assignable scopes of the role definition '${role.name}'.`,
  );
}

/** How long a new assignment takes to reach the services: the object `roleEffectiveMinutes`, in minutes of Azure, or the usual time. */
function propagation(cloud: Cloud): number {
  const minutes = cloud.objects.get('roleEffectiveMinutes');
  return typeof minutes === 'number' ? minutes * 60_000 * cloud.timeScale : cloud.duration('roleAssignment.effective');
}

function prepare(cloud: Cloud, { id, body, existing }: PutRequest): Pick<Resource, 'properties' | 'secrets'> {
  const asked = (body['properties'] ?? {}) as JsonObject;
  const principalId = asText(asked['principalId']);
  const roleDefinitionId = asText(asked['roleDefinitionId']);
  if (principalId === undefined || roleDefinitionId === undefined)
    throw new ArmError(
      400,
      'BadRequestFormat',
      'A role assignment needs properties.principalId and properties.roleDefinitionId.',
    );
  const role = roleDefinitionFor(cloud, roleDefinitionId);
  if (!role)
    throw new ArmError(
      404,
      'RoleDefinitionDoesNotExist',
      `The specified role definition with ID '${nameOf(roleDefinitionId)}' does not exist.`,
    );
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(nameOf(id)))
    throw new ArmError(
      400,
      'InvalidRoleAssignmentId',
      `The role assignment ID '${nameOf(id)}' is not valid. The role assignment ID must be a GUID.`,
    );
  const scope = id.replace(extension, '');
  requireAssignable(role, scope);
  const same = (other: Resource): boolean =>
    sameId(textOf(other.properties['principalId']), principalId) &&
    sameId(nameOf(textOf(other.properties['roleDefinitionId'])), role.name);
  if (existing && !same(existing))
    throw new ArmError(
      400,
      'RoleAssignmentUpdateNotPermitted',
      'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.',
    );
  const twin = existing ? undefined : cloud.ofType(type).find((other) => same(other) && sameId(scopeOf(other), scope));
  if (twin)
    throw new ArmError(
      409,
      'RoleAssignmentExists',
      `The role assignment already exists. The ID of the conflicting role assignment is ${twin.name.replaceAll('-', '')}.`,
    );
  const now = new Date(cloud.now()).toISOString();
  return {
    properties: {
      principalType: 'ServicePrincipal',
      condition: null,
      ...asked,
      roleDefinitionId: role.id,
      scope,
      createdOn: existing?.properties['createdOn'] ?? now,
      updatedOn: now,
    },
    secrets: existing?.secrets ?? { effectiveAt: cloud.now() + propagation(cloud) },
  };
}

/** `atScope()` excludes scopes below; `principalId eq '…'` and `assignedTo('…')` select one principal. */
function list(cloud: Cloud, scope: string, query: Record<string, string>): JsonObject[] {
  const filter = query['$filter'] ?? '';
  const principalId = /(?:principalId eq|assignedTo\()\s*'([^']+)'/i.exec(filter)?.[1];
  return cloud
    .ofType(type)
    .filter(
      (assignment) =>
        liesIn(scope, scopeOf(assignment)) || (!/atScope\(\)/i.test(filter) && liesIn(scopeOf(assignment), scope)),
    )
    .filter(
      (assignment) => principalId === undefined || sameId(textOf(assignment.properties['principalId']), principalId),
    )
    .map((assignment) => toArm(cloud, roleAssignment, assignment, {}));
}

/** Role assignments at any scope; they become effective some time after their creation. */
const roleAssignment: ResourceType = {
  type,
  style: 'sync',
  duration: {},
  proxy: true,
  stateless: true,
  extension: true,
  prepare,
  list,
};

/** See `permissions`. */
export function callerPermissions(cloud: Cloud, scope: string): JsonObject[] {
  const override = cloud.objects.get(`permissions:${scope.toLowerCase()}`) ?? cloud.objects.get('permissions:*');
  return (
    (override as JsonObject[] | undefined) ?? [{ actions: ['*'], notActions: [], dataActions: [], notDataActions: [] }]
  );
}

/** What the caller may do at a scope: everything, unless the object `permissions:{scope}` in lower case, or `permissions:*`, restricts it. */
const permissions: ResourceType = {
  type: 'Microsoft.Authorization/permissions',
  style: 'sync',
  duration: {},
  proxy: true,
  stateless: true,
  extension: true,
  prepare: () => {
    throw new ArmError(405, 'MethodNotAllowed', 'Permissions are read only.');
  },
  list: callerPermissions,
};

export const types: ResourceType[] = [roleAssignment, roleDefinition, permissions];
