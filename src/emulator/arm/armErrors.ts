import { groupIdOf, groupType, idOf, nameOf, sameId, segmentsOf } from './ids.ts';
import { ArmError } from './model.ts';
import type { Operation, Resource, ResourceType, Cloud } from './model.ts';
import { retryAfterHeaders } from './retryAfter.ts';
import type { EmulatedCloud } from '../state/cloud.ts';

/** ARM's own errors, before any resource provider is involved. Codes and texts: Azure docs, common deployment errors. */

/** ARM itself refuses, and not the resource provider. */
const gateway = { headers: { 'x-ms-failure-cause': 'gateway' } };

export const groupNotFound = (name: string): ArmError =>
  new ArmError(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`, gateway);

export function resourceNotFound(id: string): ArmError {
  const group = groupIdOf(id);
  const path = segmentsOf(id.split(/\/providers\//i).at(-1) ?? id).join('/');
  const where = group ? ` under resource group '${nameOf(group)}'` : '';
  return new ArmError(
    404,
    'ResourceNotFound',
    `The Resource '${path}'${where} was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
    gateway,
  );
}

export const parentNotFound = (type: string, parentId: string, verb = 'write'): ArmError =>
  new ArmError(
    404,
    'ParentResourceNotFound',
    `Failed to perform '${verb}' on resource(s) of type '${type.split('/').slice(1).join('/')}', because the parent resource '${parentId}' could not be found.`,
    gateway,
  );

/** Anything that is not emulated is refused; no request is answered as if it had been executed. */
export const notEmulated = (method: string, what: string): ArmError =>
  new ArmError(501, 'NotEmulated', `${method} ${what} is not emulated.`);

export const groupBeingDeleted = (name: string): ArmError =>
  new ArmError(
    409,
    'ResourceGroupBeingDeleted',
    `The resource group '${name}' is in deprovisioning state and cannot perform this operation.`,
  );

/** Throws for an invalid name of a network resource. */
export function requireValidName(type: ResourceType, name: string): void {
  if (type.style === 'network' && !/^\w([\w.-]{0,78}\w)?$/.test(name))
    throw new ArmError(
      400,
      'InvalidResourceName',
      `Resource name ${name} is invalid. The name can be up to 80 characters long. It must begin with a word character, and it must end with a word character or with '_'. The name may contain word characters or '.', '-', '_'.`,
    );
}

/**
 * Throws for a name that holds a reserved word. Azure docs say that XBOX and LOGIN are reserved at the beginning only; XBOX was refused
 * in the middle, too (MicrosoftDocs/azure-docs#104539). DNS zones, groups and what has a GUID for a name are exempt.
 */
export function requireFreeWord({ type, extension }: ResourceType, name: string): void {
  if (extension || type === groupType || /^Microsoft\.Network\/privateDnsZones/i.test(type)) return;
  if (!/microsoft|windows|xbox|^login/i.test(name)) return;
  throw new ArmError(
    400,
    'ReservedResourceName',
    `The resource name '${name}' or a part of the name is a trademarked or reserved word.`,
  );
}

/** Throws the refusal of a resource provider while an operation on the resource is running. */
export function throwBusy(
  cloud: Cloud,
  type: ResourceType,
  resource: Resource,
  operation: Operation,
  verb: 'put' | 'patch' | 'delete',
): void {
  if (operation.kind === 'delete' && type.style === 'compute')
    throw new ArmError(
      409,
      'OperationNotAllowed',
      `Operation '${verb}' is not allowed on '${resource.name}' since it is marked for deletion. You can only retry the Delete operation (or wait for an ongoing one to complete).`,
    );
  if (type.style === 'deployment') throw deploymentActive(resource, operation);
  if (type.style === 'network' || type.style === 'dns') throw anotherOperationInProgress(cloud, operation);
  throw operationConflict(cloud, resource, operation);
}

/** `11/27/2026 10:05:12 AM`, as in messages of deployments. */
const dateText = (instant: number): string =>
  new Date(instant).toLocaleString('en-US', { timeZone: 'UTC' }).replace(',', '');

/** A deployment cannot be replaced or deleted before it has ended. It expires when its operation would end by the clock. */
function deploymentActive({ name }: Resource, { kind, startedAt, endsAt }: Operation): ArmError {
  if (kind === 'delete')
    return new ArmError(409, 'DeploymentBeingDeleted', `The deployment '${name}' is being deleted.`);
  return new ArmError(
    409,
    'DeploymentActive',
    `Unable to edit or replace deployment '${name}': previous deployment from '${dateText(startedAt)}' is still active (expiration time is '${dateText(endsAt ?? startedAt)}'). Please see https://aka.ms/arm-deploy for usage details.`,
  );
}

/** Most resource providers, while an operation runs on the resource. */
export const operationConflict = (cloud: Cloud, resource: Resource, operation: Operation): ArmError =>
  new ArmError(
    409,
    'Conflict',
    `Another operation on '${resource.id}' is in progress. Please wait for it to complete.`,
    { headers: retryAfterHeaders(cloud, operation, undefined) },
  );

/** Network resources: one operation at a time. */
export const anotherOperationInProgress = (cloud: Cloud, operation: Operation): ArmError => {
  const { id, resourceId, location } = operation;
  const subscription = resourceId.split('/').slice(0, 3).join('/');
  const uri = `https://management.azure.com${subscription}/providers/Microsoft.Network/locations/${location}/operations/${id}`;
  return new ArmError(
    429,
    'AnotherOperationInProgress',
    `Another operation on this or dependent resource is in progress. To retrieve status of the operation use uri: ${uri}`,
    { headers: retryAfterHeaders(cloud, operation, 10) },
  );
};

/** Throws `ScopeLocked` when a lock at the resource or above forbids the verb. */
export function requireUnlocked(cloud: Pick<Cloud, 'ofType'>, id: string, verb: 'write' | 'delete'): void {
  if (/\/providers\/Microsoft\.Authorization\/locks\//i.test(id)) return;
  const locks = cloud.ofType('Microsoft.Authorization/locks').filter((lock) => {
    const scope = lock.id.slice(0, lock.id.toLowerCase().lastIndexOf('/providers/microsoft.authorization/locks/'));
    const covers = sameId(scope, id) || id.toLowerCase().startsWith(`${scope.toLowerCase()}/`);
    // A group is not deleted while something in it is locked.
    const inside = verb === 'delete' && scope.toLowerCase().startsWith(`${id.toLowerCase()}/`);
    return (covers || inside) && (verb === 'delete' || lock.properties['level'] === 'ReadOnly');
  });
  const [lock] = locks;
  if (!lock) return;
  const scope = lock.id.slice(0, lock.id.toLowerCase().lastIndexOf('/providers/'));
  throw new ArmError(
    409,
    'ScopeLocked',
    `The scope '${id}' cannot perform ${verb} operation because following scope(s) are locked: '${scope}'. Please remove the lock and try again.`,
  );
}

/** Throws when the group of a target does not exist, or is being deleted and the request is a write. */
export function requireGroup(
  cloud: EmulatedCloud,
  subscriptionId: string,
  group: string | undefined,
  writing: boolean,
): void {
  if (group === undefined) return;
  const found = cloud.find(idOf(`/subscriptions/${subscriptionId}`, 'Microsoft.Resources/resourceGroups', [group]));
  if (!found) throw groupNotFound(group);
  if (writing && cloud.running(found)?.kind === 'delete') throw groupBeingDeleted(group);
}
