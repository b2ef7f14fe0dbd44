import { Context } from '@temporalio/activity';
import type { Azure } from '../../azure/connectAzure.ts';
import { additionOf } from '../../domain/additions.ts';
import { isInGroup } from '../../domain/broughtResources.ts';
import { foreignDependentOf, linkNotDeletable } from '../../domain/blockers.ts';
import { groupName, parseResourceId } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { nonRetryable } from '../errors/activityFailures.ts';
import type { ActivityDeps } from '../deps.ts';
import { assertOwnAddition } from './broughtResource.ts';
import { ignoreNotFound } from './ignoreNotFound.ts';
import { whileLocksSettle } from './lockSettling.ts';
import { resourceHandle, provisioningStateOf } from './resourceType.ts';
import { resourceTypeOf } from './resourceTypes.ts';
import { sealedGroup } from './resourceGroup.ts';
import type { DeletionResult } from './resourceGroup.ts';

export interface DeleteResourceInput {
  ref: EnvironmentRef;
  id: string;
  /** send GET before DELETE; a second attempt always does */
  readFirst?: boolean;
  /** see `whileLocksSettle` */
  awaitLocks?: boolean;
}

/**
 * Starts the deletion of one resource of the sealed group, or of a sealed addition to an existing resource. The state of an absent one is `gone`; a running deletion is not repeated.
 * Throws (final) `Forbidden` for a foreign group, `NameTaken` for an addition without the seal, and `Blocked` for a type that Moat does not handle or where a foreign resource uses the
 * resource.
 */
export async function beginDeletion(
  deps: ActivityDeps,
  { ref, id, readFirst, awaitLocks }: DeleteResourceInput,
): Promise<DeletionResult> {
  const { azure } = deps;
  const isAdded = additionOf(ref, id) !== undefined;
  if (!isAdded && !isInGroup(ref, id)) {
    throw nonRetryable({ type: 'Forbidden', code: 'NotInGroup', message: `${id} is not in ${groupName(ref)}` });
  }
  const type = resourceTypeOf(id);
  const absent: DeletionResult = { token: null, state: 'gone', retryAfterMs: 0 };
  // an addition has a seal of its own, and may be deleted after the group
  if (!isAdded && !(await sealedGroup(deps, ref))) return absent;
  const handle = resourceHandle(azure, id);
  if (isAdded || readFirst || Context.current().info.attempt > 1) {
    const actual = await ignoreNotFound(azure, type.get(handle));
    if (!actual) return absent;
    if (isAdded) assertOwnAddition(deps, ref, id, actual);
    if (/^deleting$/i.test(provisioningStateOf(actual)))
      return { token: null, state: 'Deleting', retryAfterMs: azure.delayMs(5) };
  }
  const operation = await whileLocksSettle(deps, awaitLocks, () =>
    ignoreNotFound(
      azure,
      azure.operations.begin(() => type.delete(handle)),
    ),
  ).catch(async (error: unknown) => {
    throw (await foreignUse(azure, ref, error)) ?? error;
  });
  return operation ? { ...operation, state: 'Deleting' } : absent;
}

/** Azure refuses to delete a resource in use. Where a foreign resource uses it, that is final: waiting does not help. */
async function foreignUse(azure: Azure, ref: EnvironmentRef, error: unknown): Promise<Error | undefined> {
  const { code, message } = azure.errorOf(error);
  const user = /InUse|CannotBeDeleted|CannotDeleteResource/i.test(code) ? foreignDependentOf(ref, message) : undefined;
  if (user === undefined) return undefined;
  const type = 'Blocked';
  const fixed = /\/serviceAssociationLinks\//i.test(user) && (await forbidsDeletion(azure, user));
  return nonRetryable({
    type,
    code: fixed ? linkNotDeletable : 'InUse',
    message,
    remedy: `az resource delete --ids ${user}`,
  });
}

/** Whether a subnet's service association link has `allowDelete: false`; false where the subnet cannot be read. */
async function forbidsDeletion(azure: Azure, link: string): Promise<boolean> {
  const subnet = parseResourceId(link.replace(/\/serviceAssociationLinks\/.*$/i, ''));
  if (!subnet) return false;
  const { subnets } = azure.clients(subnet.subscriptionId).network;
  const [network, name] = subnet.name.split('/') as [string, string];
  const found = await subnets.get(subnet.group, network, name).catch(() => undefined);
  const links = found?.serviceAssociationLinks ?? [];
  return links.some(({ id, allowDelete }) => id?.toLowerCase() === link.toLowerCase() && allowDelete === false);
}
