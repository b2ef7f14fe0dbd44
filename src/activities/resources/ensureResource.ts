import { ApplicationFailure } from '@temporalio/common';
import type { Azure } from '../../azure/connectAzure.ts';
import { Context } from '@temporalio/activity';
import type { ResourceKey } from '../../domain/resourceKeys.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { groupName } from '../../domain/naming.ts';
import { isAddition, isBrought } from '../../domain/broughtResources.ts';
import { retryByPost } from '../../domain/remedies.ts';
import { plannedResource } from '../../domain/resources.ts';
import type { ActivityDeps } from '../deps.ts';
import type { Started } from '../operationActivity.ts';
import { inProgress, nonRetryable, operationFailure } from '../errors/activityFailures.ts';
import { classify } from '../errors/classify.ts';
import { assertOwnAddition, assertUsable, isLinkedByOwner, sealedBody } from './broughtResource.ts';
import { ignoreNotFound } from './ignoreNotFound.ts';
import { acceptExisting, assertUnchanged } from './readBack.ts';
import type { PolicyChanges } from './readBack.ts';
import { sealedGroup } from './resourceGroup.ts';
import { provisioningStateOf, resourceHandle } from './resourceType.ts';
import type { DesiredState, EnsureOptions, ResourceType } from './resourceType.ts';
import { labelOf, resourceTypeOf } from './resourceTypes.ts';

export interface EnsureResourceInput {
  ref: EnvironmentRef;
  key: ResourceKey;
  /** send GET before PUT; a second attempt always does */
  readFirst: boolean;
  options: EnsureOptions;
  /**
   * Closes what was opened: sends the PUT also where the resource has every desired member, because it may have more. Checks the group's seal,
   * and deletes nothing but a link of another network.
   */
  rewrite?: boolean;
}

/** An operation to poll; none where the state is Succeeded. */
interface BegunResource extends Started, PolicyChanges {}

const failedState = /^(failed|canceled)$/i;

/**
 * Starts the creation or update of a resource. Sends no PUT where the resource already matches, or an operation on it is running; `rewrite`
 * changes that. Throws `InProgress` while a failed resource is being deleted before it is recreated, and `PolicyDenied` (final) where a policy
 * weakened a request that ended at once. Returns what a policy made stricter.
 */
export async function beginResource(deps: ActivityDeps, input: EnsureResourceInput): Promise<BegunResource> {
  const { azure } = deps;
  const { ref, key, options, rewrite = false } = input;
  if (rewrite) await assertSealed(deps, ref);
  const planned = plannedResource(ref, key);
  const { id } = planned;
  const succeeded: BegunResource = { id, token: null, state: 'Succeeded', retryAfterMs: 0 };
  if (isBrought(ref, planned)) {
    await assertUsable(deps, ref, planned);
    return succeeded;
  }
  const type = resourceTypeOf(id);
  const handle = resourceHandle(azure, id);
  const isAdded = isAddition(ref, planned);
  const reads = isAdded || rewrite || input.readFirst || Context.current().info.attempt > 1;
  const actual = reads ? await ignoreNotFound(azure, type.get(handle)) : undefined;
  if (isAdded && actual) assertOwnAddition(deps, ref, id, actual);
  if (!actual && (await isLinkedByOwner(azure, ref, planned))) return succeeded;
  const desired: DesiredState = { ...handle, ref, key, options, actual };

  if (actual && rewrite) await prepareRewrite(deps, type, desired, actual);
  const existing = actual && !rewrite && (await resultOfExisting(deps, type, desired, actual));
  if (existing) return existing;
  if (reads && !actual) await recreateDeleted(deps, ref, type);

  const body = sealedBody(deps, ref, id, await type.put!.body(desired));
  const operation = await azure.operations
    .begin(() => type.put!.send(handle, body))
    .catch((thrown: unknown) => {
      throw options.vmSize === undefined ? thrown : capacityFailure(azure, thrown);
    });
  const { token, retryAfterMs, answer } = operation;
  if (token !== null) return { id, token, retryAfterMs, state: actual ? 'Updating' : 'Creating' };
  // a policy's change of the request is in the answer too
  const isFinal = answer !== undefined && /^succeeded$/i.test(provisioningStateOf(answer));
  const written = isFinal ? answer : await ignoreNotFound(azure, type.get(handle));
  const changes = written && (await assertUnchanged(deps, type, { ...desired, actual: written }));
  return { id, token, retryAfterMs, state: 'Succeeded', ...changes };
}

/** Throws `Forbidden` (final) unless the group exists and has the installation's seal: nothing in any other group is closed. */
async function assertSealed(deps: ActivityDeps, ref: EnvironmentRef): Promise<void> {
  if (await sealedGroup(deps, ref)) return;
  throw nonRetryable({
    type: 'Forbidden',
    code: 'NotSealed',
    message: `resource group ${groupName(ref)} does not exist`,
    remedy: retryByPost,
  });
}

/** Waits for an operation on the resource, and deletes one that cannot be changed: throws `InProgress` meanwhile. */
async function prepareRewrite(
  { azure }: ActivityDeps,
  type: ResourceType,
  desired: DesiredState,
  actual: object,
): Promise<void> {
  const label = labelOf(desired.id);
  const state = provisioningStateOf(actual);
  if (!/^(succeeded|failed|canceled)$/i.test(state)) throw inProgress(`${label}: ${state}`, azure.delayMs(5));
  if (!type.mustRecreate?.(desired)) return;
  const operation = await azure.operations.begin(() => type.delete(desired));
  throw inProgress(`${label}: deleting it to recreate it`, operation.retryAfterMs);
}

/** Without capacity or quota for one size, the workflow tries the next: the failure is final, with a `RetryHint` where waiting may help. */
function capacityFailure(azure: Azure, thrown: unknown): unknown {
  if (thrown instanceof ApplicationFailure) return thrown;
  const error = azure.errorOf(thrown);
  return ['Capacity', 'Quota'].includes(classify(error).type) ? operationFailure(azure, error) : thrown;
}

/** The result for an existing resource; undefined where a PUT must be sent. */
async function resultOfExisting(
  { azure }: ActivityDeps,
  type: ResourceType,
  desired: DesiredState,
  actual: object,
): Promise<BegunResource | undefined> {
  const { id, options } = desired;
  const state = provisioningStateOf(actual);
  if (/^deleting$/i.test(state)) throw inProgress(`${labelOf(id)}: ${state}`, azure.delayMs(5));
  if (failedState.test(state)) {
    // Deleting an endpoint whose traffic could not be set would also delete its deployment.
    if (!type.recreateWhenFailed || options.traffic !== undefined) return undefined;
    const operation = await azure.operations.begin(() => type.delete(desired));
    throw inProgress(`${labelOf(id)}: deleting the failed resource`, operation.retryAfterMs);
  }
  if (/^succeeded$/i.test(state) && type.mustRecreate?.(desired)) {
    const operation = await azure.operations.begin(() => type.delete(desired));
    throw inProgress(`${labelOf(id)}: deleting it to recreate it`, operation.retryAfterMs);
  }
  if (!/^succeeded$/i.test(state)) return { id, token: null, state, retryAfterMs: azure.delayMs(5) };
  const changes = acceptExisting(type, id, actual, await type.put!.body(desired));
  return changes && { id, token: null, state, retryAfterMs: 0, ...changes };
}

/** Creates the resources that Azure deleted together with an absent one. Throws `InProgress` until they exist. */
async function recreateDeleted(deps: ActivityDeps, ref: EnvironmentRef, type: ResourceType): Promise<void> {
  for (const key of type.recreateFirst ?? []) {
    const { id, state, retryAfterMs } = await beginResource(deps, { ref, key, readFirst: true, options: {} });
    if (state !== 'Succeeded') throw inProgress(`${labelOf(id)}: ${state}`, retryAfterMs);
  }
}
