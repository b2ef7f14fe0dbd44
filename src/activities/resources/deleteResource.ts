import { Context } from '@temporalio/activity';
import type { Azure } from '../../azure/connectAzure.ts';
import { foreignDependentOf } from '../../domain/blockers.ts';
import { groupName, parseResourceId } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { nonRetryable } from '../errors/activityFailures.ts';
import type { ActivityDeps } from '../deps.ts';
import { ignoreNotFound } from './ignoreNotFound.ts';
import { resourceHandle, provisioningStateOf } from './resourceType.ts';
import { resourceTypeOf } from './resourceTypes.ts';
import { sealedGroup } from './resourceGroup.ts';
import type { DeletionResult } from './resourceGroup.ts';

export interface DeleteResourceInput {
  ref: EnvironmentRef;
  id: string;
  /** read the resource before anything is sent; a second attempt always does */
  readFirst: boolean;
}

/**
 * Begins to delete one resource of the sealed group. An absent one is `gone`; a deletion that is running is left to itself.
 * Throws, finally, `Forbidden` for a group that is not ours and `Blocked` for a type that Moat does not handle, or where something
 * that is not Moat's uses the resource.
 */
export async function deleteResource(
  deps: ActivityDeps,
  { ref, id, readFirst }: DeleteResourceInput,
): Promise<DeletionResult> {
  const { azure } = deps;
  const parsed = parseResourceId(id);
  if (
    parsed?.group.toLowerCase() !== groupName(ref.name).toLowerCase() ||
    parsed.subscriptionId.toLowerCase() !== ref.subscriptionId.toLowerCase()
  ) {
    throw nonRetryable({ type: 'Forbidden', code: 'NotInGroup', message: `${id} is not in ${groupName(ref.name)}` });
  }
  const type = resourceTypeOf(id);
  const gone: DeletionResult = { token: null, state: 'gone', retryAfterMs: 0 };
  if (!(await sealedGroup(deps, ref))) return gone;
  const handle = resourceHandle(azure, id);
  if (readFirst || Context.current().info.attempt > 1) {
    const actual = await ignoreNotFound(azure, type.get(handle));
    if (!actual) return gone;
    if (/^deleting$/i.test(provisioningStateOf(actual)))
      return { token: null, state: 'Deleting', retryAfterMs: azure.delayMs(5) };
  }
  const begun = await ignoreNotFound(
    azure,
    azure.operations.begin(() => type.delete(handle)),
  ).catch((error: unknown) => {
    throw foreignUse(azure, ref, error) ?? error;
  });
  return begun ? { ...begun, state: 'Deleting' } : gone;
}

/** Azure refuses to delete a resource in use. Where Moat does not own its user, that is final: waiting does not help. */
function foreignUse(azure: Azure, ref: EnvironmentRef, error: unknown): Error | undefined {
  const { code, message } = azure.errorOf(error);
  const user = /InUse|CannotBeDeleted|CannotDeleteResource/i.test(code) ? foreignDependentOf(ref, message) : undefined;
  if (user === undefined) return undefined;
  return nonRetryable({ type: 'Blocked', code: 'InUse', message, remedy: `az resource delete --ids ${user}` });
}
