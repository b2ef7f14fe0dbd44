import { Context } from '@temporalio/activity';
import type { Azure } from '../../azure/connectAzure.ts';
import { foreignDependentOf } from '../../domain/blockers.ts';
import { groupName, parseResourceId } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { nonRetryable } from '../errors/activityFailures.ts';
import type { ActivityDeps } from '../withHeartbeat.ts';
import { lookup } from './lookup.ts';
import { resourceHandle, provisioningStateOf } from './resourceType.ts';
import { resourceTypeOf } from './resourceTypes.ts';
import { sealedGroup } from './resourceGroup.ts';
import type { DeletionResult } from './resourceGroup.ts';

export interface DeleteResourceInput {
  site: EnvironmentRef;
  id: string;
  /** look at what is there before anything is sent; a second attempt always does */
  readFirst: boolean;
}

/**
 * Begins to delete one resource of the sealed group; what is absent is `gone`, what is being deleted is left to it.
 * Throws, finally, `Forbidden` for a group that is not ours and `Blocked` for a type that Moat does not handle, or where something
 * that is not Moat's holds the resource.
 */
export async function deleteResource(deps: ActivityDeps, { site, id, readFirst: look }: DeleteResourceInput): Promise<DeletionResult> {
  const { azure } = deps;
  const ref = parseResourceId(id);
  if (
    ref?.group.toLowerCase() !== groupName(site.name).toLowerCase() ||
    ref.subscriptionId.toLowerCase() !== site.subscriptionId.toLowerCase()
  ) {
    throw nonRetryable('Forbidden', `${id} is not in ${groupName(site.name)}`, '', 'NotInGroup');
  }
  const noun = resourceTypeOf(id);
  const gone: DeletionResult = { token: null, state: 'gone', retryAfterMs: 0 };
  if (!(await sealedGroup(deps, site))) return gone;
  const place = resourceHandle(azure, id);
  if (look || Context.current().info.attempt > 1) {
    const actual = await lookup(azure, noun.get(place));
    if (!actual) return gone;
    if (/^deleting$/i.test(provisioningStateOf(actual))) return { token: null, state: 'Deleting', retryAfterMs: azure.delayMs(5) };
  }
  const begun = await lookup(
    azure,
    azure.operations.begin(() => noun.delete(place)),
  ).catch((error: unknown) => {
    throw inUseByOthers(azure, site, error) ?? error;
  });
  return begun ? { ...begun, state: 'Deleting' } : gone;
}

/** Azure refuses because something holds the resource. That Moat did not make it is final: waiting does not help. */
function inUseByOthers(azure: Azure, site: EnvironmentRef, error: unknown): Error | undefined {
  const { code, message } = azure.errorOf(error);
  const holder = /InUse|CannotBeDeleted|CannotDeleteResource/i.test(code) ? foreignDependentOf(site, message) : undefined;
  return holder === undefined ? undefined : nonRetryable('Blocked', message, `az resource delete --ids ${holder}`, 'InUse');
}
