import { provisioningFailed, inProgress, retryLater } from '../errors/activityFailures.ts';
import type { ActivityDeps } from '../withHeartbeat.ts';
import { lookup } from './lookup.ts';
import { resourceHandle, provisioningStateOf } from './resourceType.ts';
import { labelOf, resourceTypeOf } from './resourceTypes.ts';

export interface ObserveInput {
  id: string;
  /** of the operation; null: the resource itself is looked at */
  token: string | null;
}

/**
 * Looks once whether a resource is ready: at its operation where there is a token, else at its provisioningState.
 * Throws `InProgress` while Azure works; a failed operation is final, with `Again` as second detail where the PUT is to be sent again.
 */
export async function observeResource({ azure }: ActivityDeps, { id, token }: ObserveInput): Promise<{ state: 'Succeeded' }> {
  const label = labelOf(id);
  if (token !== null) {
    // An operation that ARM has forgotten leaves the resource to tell.
    const look = await lookup(azure, azure.operations.poll(token));
    if (look?.done) return { state: 'Succeeded' };
    if (look) throw inProgress(`${label}: ${look.status}`, look.retryAfterMs);
  }
  const found = await lookup(azure, resourceTypeOf(id).get(resourceHandle(azure, id)));
  if (!found) throw retryLater('NotYetConsistent', `${label}: not visible yet`, '', azure.delayMs(5));
  const state = provisioningStateOf(found);
  if (/^succeeded$/i.test(state)) return { state: 'Succeeded' };
  if (/^(failed|canceled)$/i.test(state)) throw provisioningFailed(`${label}: ${state}`, azure.delayMs(5));
  throw inProgress(`${label}: ${state}`, azure.delayMs(5));
}

/**
 * Looks once whether a resource is gone: its operation is done and ARM answers 404, for a deletion can end before that (DEL-8,
 * DEL-13). Throws `InProgress` until then; a failed deletion is final, with `Again` where it is to be sent again.
 */
export async function observeDeletion({ azure }: ActivityDeps, { id, token }: ObserveInput): Promise<void> {
  const label = labelOf(id);
  if (token !== null) {
    const look = await lookup(azure, azure.operations.poll(token));
    if (look && !look.done) throw inProgress(`${label}: Deleting`, look.retryAfterMs);
  }
  const left = await lookup(azure, resourceTypeOf(id).get(resourceHandle(azure, id)));
  if (!left) return;
  const state = provisioningStateOf(left);
  if (/^failed$/i.test(state)) throw provisioningFailed(`${label}: ${state} to be deleted`, azure.delayMs(15));
  throw inProgress(`${label}: ${/^succeeded$/i.test(state) ? 'Deleting' : state}`, azure.delayMs(5));
}
