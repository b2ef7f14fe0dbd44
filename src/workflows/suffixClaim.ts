import { condition, getExternalWorkflowHandle } from '@temporalio/workflow';
import { suffixClaimId } from './messages.ts';

/** Claims a suffix as long as the workflow is open. The claim is its workflow id, which is unique; the workflow itself only waits. */
export async function suffixClaim(): Promise<void> {
  await condition(() => false);
}

/** Releases the suffix of a deleted environment. A missing claim is not an error. */
export async function releaseSuffix(subscriptionId: string, suffix: string): Promise<void> {
  await getExternalWorkflowHandle(suffixClaimId(subscriptionId, suffix))
    .cancel()
    .catch(() => undefined);
}
