import { Context } from '@temporalio/activity';
import type { Json, PolicyChange } from '../../domain/environment.ts';
import { groupId } from '../../domain/naming.ts';
import { retryByPost } from '../../domain/remedies.ts';
import type { ActivityDeps } from '../deps.ts';
import { nonRetryable } from '../errors/activityFailures.ts';
import { differencesFrom, matchesDesired, withActualValues } from './matchesDesired.ts';
import type { Difference } from './matchesDesired.ts';
import type { DesiredState, ResourceType } from './resourceType.ts';
import { labelOf } from './resourceTypes.ts';
import { compareStrictness, isSetBySpec } from './strictness.ts';

/** Seconds before a difference is believed: right after an update, ARM may still answer a read with the former state. */
const secondReadSeconds = 10;

/** A member of an activity's result; absent without changes. */
export interface PolicyChanges {
  policyChanges?: PolicyChange[];
}

const changesOf = (id: string, accepted: readonly Difference[]): PolicyChanges =>
  accepted.length === 0
    ? {}
    : {
        policyChanges: accepted.map(({ path, desired, actual }) => ({
          resource: id,
          property: path.join('.'),
          requested: desired as Json,
          actual: actual as Json,
        })),
      };

/** The differences that are stricter than desired, and the first other one. */
function judge({ type }: ResourceType, actual: object, body: object) {
  const differences = differencesFrom(actual, body);
  const isStricter = (one: Difference): boolean => compareStrictness(type, one) === 'stricter';
  return { stricter: differences.filter(isStricter), refused: differences.find((one) => !isStricter(one)) };
}

/** Whether an existing resource has its desired state; a property that no spec sets may be stricter. Undefined where a PUT must be sent. */
export function acceptExisting(
  type: ResourceType,
  id: string,
  actual: object,
  body: object,
): PolicyChanges | undefined {
  const stricter = judge(type, actual, body).stricter.filter((one) => !isSetBySpec(type.type, one));
  return matchesDesired(actual, withActualValues(body, stricter)) ? changesOf(id, stricter) : undefined;
}

/**
 * Compares a resource that was written with its desired state. A policy with the effect `modify` or `append` changes a request without an
 * error (Azure docs: policy effects), and a repeated PUT would be changed again. Returns the properties that are stricter than desired. For
 * any other change, throws `PolicyDenied` (final) that names the property, with its desired and its actual value. A member that ARM does not
 * return is not compared.
 */
export async function assertUnchanged(
  { azure }: ActivityDeps,
  type: ResourceType,
  written: DesiredState & { actual: object },
): Promise<PolicyChanges> {
  const { id, actual } = written;
  const body = await type.put!.body(written);
  const first = judge(type, actual, body);
  if (!first.refused) return changesOf(id, first.stricter);
  await Context.current().sleep(azure.delayMs(secondReadSeconds));
  const second = judge(type, await type.get(written), body);
  if (!second.refused) return changesOf(id, second.stricter);
  throw changedByPolicy(type, written, second.refused);
}

function changedByPolicy(type: ResourceType, { id, ref }: DesiredState, difference: Difference): Error {
  const { path, desired, actual } = difference;
  const how = compareStrictness(type.type, difference) === 'weaker' ? 'weakened' : 'changed';
  return nonRetryable({
    type: 'PolicyDenied',
    code: 'ChangedByPolicy',
    message: `${labelOf(id)}: ${path.join('.')} is ${JSON.stringify(actual)} instead of ${JSON.stringify(desired)}: it was ${how} by a policy`,
    remedy: `az policy state list --resource ${id} --query "[].policyAssignmentId" names the policy assignments; az policy exemption create --name moat --policy-assignment <id> --exemption-category Waiver --scope ${groupId(ref)}; then ${retryByPost}`,
  });
}
