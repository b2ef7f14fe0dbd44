import { condition, getExternalWorkflowHandle } from '@temporalio/workflow';
import { suffixClaimId } from './messages.ts';

/** Holds a suffix as long as it is open. It does nothing: its id is what is unique. */
export async function suffixClaim(): Promise<void> {
  await condition(() => false);
}

/** Ends the claim of an environment that is deleted. One that does not exist is no error. */
export async function releaseSuffix(subscriptionId: string, suffix: string): Promise<void> {
  await getExternalWorkflowHandle(suffixClaimId(subscriptionId, suffix))
    .cancel()
    .catch(() => undefined);
}
