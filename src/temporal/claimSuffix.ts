import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { Problem } from '../domain/problem.ts';
import { environmentMemoKey, suffixClaimId, suffixClaimWorkflowType, taskQueues } from '../workflows/messages.ts';

/** A younger claim without an environment may belong to a POST that has not started its workflow; an older one was left by a failed POST. */
const abandonedAfterMs = 60_000;

/**
 * Claims a suffix for an environment before it starts: names that contain it must be unique in all of Azure, so two environments with one
 * suffix would both fail. The claim is an open workflow, whose id is unique. Throws SuffixInUse where another environment holds it.
 */
export async function claimSuffix(
  client: Client,
  { subscriptionId, suffix, name }: { subscriptionId: string; suffix: string; name: string },
  isLive: (name: string) => Promise<boolean>,
): Promise<void> {
  const workflowId = suffixClaimId(subscriptionId, suffix);
  const claim = { workflowId, taskQueue: taskQueues.workflows, memo: { [environmentMemoKey]: name } };
  for (let attempt = 1; ; attempt++) {
    try {
      await client.workflow.start(suffixClaimWorkflowType, claim);
      return;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    const held = await describe(client, workflowId);
    if (held?.holder === name) return;
    if (held && (attempt === 3 || Date.now() - held.since < abandonedAfterMs || (await isLive(held.holder))))
      throw new Problem('SuffixInUse', `The suffix ${suffix} is used by the environment ${held.holder}.`);
    // the run id makes sure that a claim of another POST, started meanwhile, is not terminated
    if (held)
      await client.workflow
        .getHandle(workflowId, held.runId)
        .terminate('the environment of this claim does not exist')
        .catch(() => undefined);
  }
}

async function describe(client: Client, workflowId: string) {
  try {
    const { memo, runId, startTime, status } = await client.workflow.getHandle(workflowId).describe();
    const holder = String(memo?.[environmentMemoKey]);
    return status.name === 'RUNNING' ? { holder, runId, since: startTime.getTime() } : undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
