import type { Blocker } from './environment.ts';
import { newFailure } from './failures.ts';
import type { Failure, FailureCause } from './failures.ts';
import { groupId, groupName, isWithin } from './naming.ts';
import type { EnvironmentRef } from './naming.ts';
import { plannedResource } from './resources.ts';
import { isOwn } from './teardownOrder.ts';

/** A management lock, as ARM lists it. */
export interface Lock {
  id: string;
  level: string;
  /** what it locks: a subscription, group or resource */
  scope: string;
}

const subscriptionOf = (ref: EnvironmentRef): string => `/subscriptions/${ref.subscriptionId}`;

/** The first group of a pattern's first match in a failure's message. */
const matchIn = (pattern: RegExp, { message }: Failure): string | undefined => pattern.exec(message)?.[1];

/** The id in a failure message of what uses a resource and is not Moat's: an orphaned service association link or a foreign resource. */
export function foreignDependentOf(ref: EnvironmentRef, message: string): string | undefined {
  const ids = [...message.matchAll(/\/subscriptions\/[^\s'",;]+/gi)].map(([id]) => id.replace(/\.$/, ''));
  return ids.find((id) => /\/serviceAssociationLinks\//i.test(id) || !isOwn(ref, id));
}

/** The locks that prevent the deletion of a resource or group: on it, above it, or in it. */
export function locksOn(id: string, locks: readonly Lock[]): Blocker[] {
  return locks
    .filter(({ scope }) => isWithin(id, scope) || isWithin(scope, id))
    .map(({ id: lock, level, scope }) => ({
      resource: scope,
      reason: `locked: the ${level} lock ${lock.split('/').at(-1)} prevents its deletion`,
      command: `az lock delete --ids ${lock}`,
    }));
}

/** A resource in the group that Moat did not create, and so never deletes. */
export const foreignResource = (id: string): Blocker => ({
  resource: id,
  reason: 'foreign resource: Moat did not create it and does not delete it; delete or move it',
  command: `az resource delete --ids ${id}`,
});

/** More foreign resources than a receipt lists. */
export const moreForeignResources = (ref: EnvironmentRef, count: number): Blocker => ({
  resource: groupId(ref),
  reason: `foreign resources: ${count} more that Moat did not create and does not delete`,
  command: `az resource list --resource-group ${groupName(ref)} --query "[].id" --output tsv`,
});

/**
 * A workspace that someone else deleted, or whose group someone else deleted. Azure keeps it for 14 days and reserves its name (DEL-1),
 * and no API shows it.
 */
export function softDeletedWorkspace(ref: EnvironmentRef): Blocker {
  const { id, name } = plannedResource(ref, 'workspace');
  return {
    resource: id,
    reason: `soft-deleted workspace: ${name} was not deleted by Moat, so Azure may keep it for 14 days and reserve its name; Moat requested its purge, and Azure does not show whether it took effect`,
    command: `in the Azure portal, Azure Machine Learning, "Recently deleted": delete ${name} permanently if it is listed; then DELETE the environment again`,
  };
}

export const unsealedGroup = (ref: EnvironmentRef): Blocker => ({
  resource: groupId(ref),
  reason:
    'unsealed group: it does not carry a seal of this installation, so nothing in it is touched; if this installation created it, its tag moat-seal was removed or changed (by a policy or a person), or MOAT_SEAL_KEY has changed',
  command: `az group show --name ${groupName(ref)} --query tags`,
});

/** ARM still shows a resource although its deletion has ended. */
export const stillExists = (id: string): Blocker => ({
  resource: id,
  reason: 'still exists: its deletion has ended, but ARM still shows it',
  command: /\/roleAssignments\//i.test(id)
    ? `az role assignment delete --ids ${id}`
    : `az resource show --ids ${id} --query properties.provisioningState`,
});

/** Only Azure's support removes some links: MicrosoftDocs/azure-docs#48902, Azure/azure-cli#21637. */
const supportRequest = (link: string): string =>
  `open a support request (Azure portal, Help + support, Virtual Network) that asks to remove the service association link ${link}`;

function inUse(id: string, user: string, code: string, earlier: readonly Blocker[]): Blocker {
  const [subnet, link] = user.split(/\/serviceAssociationLinks\//i);
  if (link === undefined)
    return {
      resource: id,
      reason: `in use by a foreign resource: ${user}`,
      command: `az resource delete --ids ${user.replace(/\/ipConfigurations\/.*$/i, '')}`,
    };
  const reason = `orphaned service association link ${link} of ${subnet}`;
  const command = `az resource delete --ids ${user} --api-version 2018-10-01`;
  if (code === linkNotDeletable)
    return { resource: id, reason: `${reason}, which does not allow its deletion`, command: supportRequest(user) };
  const named = earlier.some((one) => one.command === command || one.command === supportRequest(user));
  if (named)
    return {
      resource: id,
      reason: `${reason}, which is still there since an earlier teardown named the command that deletes it`,
      command: supportRequest(user),
    };
  return { resource: id, reason, command };
}

function denied(id: string, failure: Failure): Blocker {
  const assignment = matchIn(/\bId '?([^'\s]*denyAssignments[^'\s]+|[0-9a-f-]{32,36})/i, failure);
  const scope = matchIn(/\bat scope '([^']+)'/i, failure) ?? id;
  const known = assignment?.includes('/')
    ? assignment
    : `${scope}/providers/Microsoft.Authorization/denyAssignments/${assignment}`;
  return {
    resource: id,
    reason: `deny assignment: ${failure.message}`,
    command: assignment
      ? `az rest --method delete --url "${known}?api-version=2024-07-01-preview"`
      : `az rest --method get --url "${scope}/providers/Microsoft.Authorization/denyAssignments?api-version=2022-04-01"`,
  };
}

function forbidden(ref: EnvironmentRef, id: string, failure: Failure): Blocker {
  const action = matchIn(/perform action '([^']+)'/i, failure);
  const scope = action?.includes('/locations/')
    ? subscriptionOf(ref)
    : (matchIn(/over scope '([^']+)'/i, failure) ?? groupId(ref));
  const role = action?.startsWith('Microsoft.Authorization/') ? 'User Access Administrator' : 'Contributor';
  const assignee = matchIn(/object id '([^']+)'/i, failure);
  return {
    resource: id,
    reason: `missing permission: ${failure.message}`,
    command: `az role assignment create --assignee-object-id ${assignee ?? '<object id of the caller>'} --role "${role}" --scope ${scope}`,
  };
}

function policy(ref: EnvironmentRef, id: string, failure: Failure): Blocker {
  // the remedy has the id, from the whole of a message that may have been shortened
  const assignment = matchIn(/--policy-assignment (\/\S+)/, { ...failure, message: failure.remedy });
  return {
    resource: id,
    reason: `policy: ${failure.message}`,
    command: `az policy exemption create --name moat-teardown --exemption-category Waiver --policy-assignment ${assignment ?? '<id of the policy assignment>'} --scope ${groupId(ref)}`,
  };
}

/** The failure of a blocked teardown, from its first blocker; null when nothing blocks it. */
export function blockedFailure(blockers: readonly Blocker[]): Failure | null {
  const [first, ...others] = blockers;
  if (!first) return null;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  const { reason, command } = first;
  return newFailure({ type: 'Blocked', message: `${reason}${more}`, remedy: command });
}

/** The code of the failure to delete a subnet whose service association link has `allowDelete: false`. */
export const linkNotDeletable = 'LinkNotDeletable';
const inUseCodes: readonly string[] = ['InUse', linkNotDeletable];

/** The blockers of a failed deletion: the resources that ARM names as its cause, or what the failure describes. */
export function blockersOf(
  ref: EnvironmentRef,
  id: string,
  failure: Failure,
  { causes, earlier }: { causes: readonly FailureCause[]; earlier: readonly Blocker[] },
): Blocker[] {
  const others = causes.filter(({ resource }) => resource.toLowerCase() !== id.toLowerCase());
  if (others.length === 0) return [blockerOf(ref, id, failure, earlier)];
  return others.map(({ resource, code, message }) =>
    blockerOf(ref, resource, { ...failure, code: code || failure.code, message, remedy: '' }, earlier),
  );
}

/**
 * The blocker that a permanent failure describes, with the command that clears it. `earlier` are the blockers of the previous teardown: a
 * command that did not help is not suggested twice.
 */
export function blockerOf(
  ref: EnvironmentRef,
  id: string,
  failure: Failure,
  earlier: readonly Blocker[] = [],
): Blocker {
  const { code, type, message, remedy } = failure;
  const user = type === 'Blocked' && inUseCodes.includes(code) ? foreignDependentOf(ref, message) : undefined;
  if (user) return inUse(id, user, code, earlier);
  if (code === 'NotSealed') return unsealedGroup(ref);
  if (code === 'ScopeLocked')
    return {
      resource: id,
      reason: `locked: ${message}`,
      command: `az lock list --resource-group ${groupName(ref)}`,
    };
  if (code === 'PurgeProtected') return { resource: id, reason: message, command: remedy };
  if (type === 'Stuck')
    return { resource: id, reason: `stuck operation: ${message}`, command: `az resource delete --ids ${id}` };
  if (/^DenyAssignment/i.test(code) || /deny assignment/i.test(message)) return denied(id, failure);
  if (type === 'PolicyDenied') return policy(ref, id, failure);
  if (type === 'Forbidden') return forbidden(ref, id, failure);
  return {
    resource: id,
    reason: `${code}: ${message}`,
    command: remedy || `az resource delete --ids ${id}`,
  };
}
