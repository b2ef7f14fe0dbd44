import type { Azure } from '../../azure/connectAzure.ts';
import type { PollResult } from '../../azure/operations.ts';
import { retryByPost } from '../../domain/remedies.ts';
import { provisioningFailed, inProgress, operationFailure, retryLater } from '../errors/activityFailures.ts';
import type { ActivityDeps } from '../deps.ts';
import type { ObserveInput } from '../operationActivity.ts';
import type { EnsureResourceInput } from './ensureResource.ts';
import { ignoreNotFound } from './ignoreNotFound.ts';
import { assertUnchanged } from './readBack.ts';
import type { PolicyChanges } from './readBack.ts';
import { resourceHandle, provisioningStateOf } from './resourceType.ts';
import type { ResourceType } from './resourceType.ts';
import { labelOf, resourceTypeOf } from './resourceTypes.ts';

/** What was requested of the observed resource. */
type Requested = Pick<EnsureResourceInput, 'ref' | 'key' | 'options'>;

/**
 * Polls once whether a resource is ready: its operation where there is a token, then its provisioningState, which can follow later. With
 * `requested`, compares it with its desired state. Throws `InProgress` while the operation is running, and `PolicyDenied` for a property
 * that a policy weakened; returns those that it made stricter; a failed operation is final, with a `RetryHint` where the PUT may be repeated.
 */
export async function observeResource(
  deps: ActivityDeps,
  { id, token, requested, onOperationEnd }: ObserveInput & { requested?: Requested },
): Promise<{ state: 'Succeeded' } & PolicyChanges> {
  const { azure } = deps;
  const label = labelOf(id);
  const type = resourceTypeOf(id);
  const handle = resourceHandle(azure, id);
  if (token !== null) {
    // ARM deletes the records of operations after a while; then the resource's state is read.
    const operation = await ignoreNotFound(azure, pollWrite(azure, type, id, token));
    if (operation && !operation.done) throw inProgress(`${label}: ${operation.status}`, operation.retryAfterMs);
    onOperationEnd?.();
  }
  const found = await ignoreNotFound(azure, type.get(handle));
  if (!found) throw retryLater(`${label}: not visible yet`, azure.delayMs(5));
  const state = provisioningStateOf(found);
  if (/^(failed|canceled)$/i.test(state)) throw provisioningFailed(`${label}: ${state}`, azure.delayMs(5));
  if (!/^succeeded$/i.test(state)) throw inProgress(`${label}: ${state}`, azure.delayMs(5));
  const changes = requested && (await assertUnchanged(deps, type, { ...handle, ...requested, actual: found }));
  return { state: 'Succeeded', ...changes };
}

/** Polls a PUT's operation. The failure of a type that has `sentAs` names the api-version and member that Azure may not support. */
async function pollWrite(azure: Azure, { type, sentAs }: ResourceType, id: string, token: string): Promise<PollResult> {
  try {
    return await azure.operations.poll(token);
  } catch (thrown) {
    const error = azure.errorOf(thrown);
    if (sentAs === undefined || !error.operation) throw thrown;
    const [namespace, name] = type.split('/');
    const remedy = `az provider show --namespace ${namespace} --query "resourceTypes[?resourceType=='${name}']" shows the api-versions and locations that Azure offers; where it lacks ${sentAs}, DELETE the environment, then POST it with another "location"; else ${retryByPost}`;
    throw operationFailure(azure, { ...error, message: `${error.message} (sent with ${sentAs})` }, id, remedy);
  }
}

/**
 * Polls once whether a resource is deleted: the operation has ended and ARM answers 404, because an operation can end before that (DEL-8,
 * DEL-13). Throws `InProgress` until then; a failed deletion is final, with a `RetryHint` where it may be repeated.
 */
export async function observeDeletion(
  { azure }: ActivityDeps,
  { id, token, onOperationEnd }: ObserveInput,
): Promise<void> {
  const label = labelOf(id);
  if (token !== null) {
    const operation = await ignoreNotFound(azure, azure.operations.poll(token));
    if (operation && !operation.done) throw inProgress(`${label}: Deleting`, operation.retryAfterMs);
    onOperationEnd?.();
  }
  const remaining = await ignoreNotFound(azure, resourceTypeOf(id).get(resourceHandle(azure, id)));
  if (!remaining) return;
  const state = provisioningStateOf(remaining);
  if (/^failed$/i.test(state)) throw provisioningFailed(`${label}: deletion ended ${state}`, azure.delayMs(15));
  throw inProgress(`${label}: ${/^succeeded$/i.test(state) ? 'Deleting' : state}`, azure.delayMs(5));
}
