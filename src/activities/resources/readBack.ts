import { Context } from '@temporalio/activity';
import { groupId } from '../../domain/naming.ts';
import { retryByPost } from '../../domain/remedies.ts';
import type { ActivityDeps } from '../deps.ts';
import { nonRetryable } from '../errors/activityFailures.ts';
import { differenceFrom } from './matchesDesired.ts';
import type { DesiredState, ResourceType } from './resourceType.ts';
import { labelOf } from './resourceTypes.ts';

/** Seconds before a difference is believed: right after an update, ARM may still answer a read with the former state. */
const secondReadSeconds = 10;

/**
 * Compares a resource that was written with its desired state. A policy with the effect `modify` or `append` changes a request without an
 * error (Azure docs: policy effects), and a repeated PUT would be changed again. Throws `PolicyDenied` (final) that names the property,
 * with its desired and its actual value. A member that ARM does not return is not compared.
 */
export async function assertUnchanged(
  { azure }: ActivityDeps,
  type: ResourceType,
  written: DesiredState,
): Promise<void> {
  const body = await type.put!.body(written);
  if (!differenceFrom(written.actual, body)) return;
  await Context.current().sleep(azure.delayMs(secondReadSeconds));
  const difference = differenceFrom(await type.get(written), body);
  if (!difference) return;
  const { id, ref } = written;
  const { path, desired, actual } = difference;
  throw nonRetryable({
    type: 'PolicyDenied',
    code: 'ChangedByPolicy',
    message: `${labelOf(id)}: ${path} is ${JSON.stringify(actual)} instead of ${JSON.stringify(desired)}: it was changed by a policy`,
    remedy: `az policy state list --resource ${id} --query "[].policyAssignmentId" names the policy assignments; az policy exemption create --name moat --policy-assignment <id> --exemption-category Waiver --scope ${groupId(ref)}; then ${retryByPost}`,
  });
}
