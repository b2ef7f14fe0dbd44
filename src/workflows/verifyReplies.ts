import { getExternalWorkflowHandle, isCancellation } from '@temporalio/workflow';
import { verifyEndedSignal } from './messages.ts';
import type { VerifyOutcome, VerifyReply } from './messages.ts';

/** Answers requests for a proof that other workflows wait for. One that no longer waits is not an error. */
export async function replyToRequests(replies: readonly VerifyReply[], outcome: VerifyOutcome): Promise<void> {
  await Promise.all(
    replies.map(async ({ requestId, replyTo }) => {
      try {
        await getExternalWorkflowHandle(replyTo).signal(verifyEndedSignal, { requestId, outcome });
      } catch (error) {
        if (isCancellation(error)) throw error;
      }
    }),
  );
}
