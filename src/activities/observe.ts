import { foundFailed, inProgress, notYet } from './failure.ts';
import type { Deps } from './guarded.ts';
import { lookup } from './lookup.ts';
import { at, stateOf } from './noun.ts';
import { labelOf, nounOf } from './nouns.ts';

export interface ObserveInput {
  id: string;
  /** of the operation; null: the resource itself is looked at */
  token: string | null;
}

/**
 * Looks once whether a resource is ready: at its operation where there is a token, else at its provisioningState.
 * Throws `InProgress` while Azure works; a failed operation is final, with `Again` as second detail where the PUT is to be sent again.
 */
export async function observeResource({ azure }: Deps, { id, token }: ObserveInput): Promise<{ state: 'Succeeded' }> {
  const label = labelOf(id);
  if (token !== null) {
    // An operation that ARM has forgotten leaves the resource to tell.
    const look = await lookup(azure, azure.operations.look(token));
    if (look?.done) return { state: 'Succeeded' };
    if (look) throw inProgress(`${label}: ${look.status}`, look.retryAfterMs);
  }
  const found = await lookup(azure, nounOf(id).get(at(azure, id)));
  if (!found) throw notYet('NotYetConsistent', `${label}: not visible yet`, '', azure.pace(5));
  const state = stateOf(found);
  if (/^succeeded$/i.test(state)) return { state: 'Succeeded' };
  if (/^(failed|canceled)$/i.test(state)) throw foundFailed(`${label}: ${state}`, azure.pace(5));
  throw inProgress(`${label}: ${state}`, azure.pace(5));
}

/**
 * Looks once whether a resource is gone: its operation is done and ARM answers 404, for a deletion can end before that (DEL-8,
 * DEL-13). Throws `InProgress` until then; a failed deletion is final, with `Again` where it is to be sent again.
 */
export async function observeGone({ azure }: Deps, { id, token }: ObserveInput): Promise<void> {
  const label = labelOf(id);
  if (token !== null) {
    const look = await lookup(azure, azure.operations.look(token));
    if (look && !look.done) throw inProgress(`${label}: Deleting`, look.retryAfterMs);
  }
  const left = await lookup(azure, nounOf(id).get(at(azure, id)));
  if (!left) return;
  const state = stateOf(left);
  if (/^failed$/i.test(state)) throw foundFailed(`${label}: ${state} to be deleted`, azure.pace(15));
  throw inProgress(`${label}: ${/^succeeded$/i.test(state) ? 'Deleting' : state}`, azure.pace(5));
}
