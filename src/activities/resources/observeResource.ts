import { provisioningFailed, inProgress, retryLater } from '../errors/activityFailures.ts';
import type { ActivityDeps } from '../deps.ts';
import { ignoreNotFound } from './ignoreNotFound.ts';
import { resourceHandle, provisioningStateOf } from './resourceType.ts';
import { labelOf, resourceTypeOf } from './resourceTypes.ts';

export interface ObserveInput {
  id: string;
  /** of the operation; null: the resource itself is polled */
  token: string | null;
}

/**
 * Polls once whether a resource is ready: its operation where there is a token, else its provisioningState.
 * Throws `InProgress` while the operation is running; a failed one is final, with a `RetryHint` where the PUT is to be sent again.
 */
export async function observeResource(
  { azure }: ActivityDeps,
  { id, token }: ObserveInput,
): Promise<{ state: 'Succeeded' }> {
  const label = labelOf(id);
  if (token !== null) {
    // ARM forgets operations; the resource then shows its state.
    const operation = await ignoreNotFound(azure, azure.operations.poll(token));
    if (operation?.done) return { state: 'Succeeded' };
    if (operation) throw inProgress(`${label}: ${operation.status}`, operation.retryAfterMs);
  }
  const found = await ignoreNotFound(azure, resourceTypeOf(id).get(resourceHandle(azure, id)));
  if (!found) throw retryLater(`${label}: not visible yet`, azure.delayMs(5));
  const state = provisioningStateOf(found);
  if (/^succeeded$/i.test(state)) return { state: 'Succeeded' };
  if (/^(failed|canceled)$/i.test(state)) throw provisioningFailed(`${label}: ${state}`, azure.delayMs(5));
  throw inProgress(`${label}: ${state}`, azure.delayMs(5));
}

/**
 * Polls once whether a resource is deleted: its operation is done and ARM answers 404, for an operation can end before that (DEL-8,
 * DEL-13). Throws `InProgress` until then; a failed deletion is final, with a `RetryHint` where it is to be sent again.
 */
export async function observeDeletion({ azure }: ActivityDeps, { id, token }: ObserveInput): Promise<void> {
  const label = labelOf(id);
  if (token !== null) {
    const operation = await ignoreNotFound(azure, azure.operations.poll(token));
    if (operation && !operation.done) throw inProgress(`${label}: Deleting`, operation.retryAfterMs);
  }
  const remaining = await ignoreNotFound(azure, resourceTypeOf(id).get(resourceHandle(azure, id)));
  if (!remaining) return;
  const state = provisioningStateOf(remaining);
  if (/^failed$/i.test(state)) throw provisioningFailed(`${label}: deletion ended ${state}`, azure.delayMs(15));
  throw inProgress(`${label}: ${/^succeeded$/i.test(state) ? 'Deleting' : state}`, azure.delayMs(5));
}
