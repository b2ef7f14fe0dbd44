import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { Problem } from '../domain/problem.ts';
import { environmentMemoKey, suffixClaimId, suffixClaimWorkflowType, taskQueues } from '../workflows/messages.ts';

/** A younger claim without an environment may belong to a POST that has not started its workflow; an older one was left by a failed POST. */
const abandonedAfterMs = 60_000;

/**
 * Claims a suffix for an environment before it starts: names that contain it must be unique in all of Azure, so two environments with one
 * suffix would both fail. The claim is an open workflow, whose id is unique. Returns when
 * the suffix's last environment was deleted, as far as it is known (ISO time). Throws SuffixInUse where another environment holds it.
 */
export async function claimSuffix(
  client: Client,
  { subscriptionId, suffix, name }: { subscriptionId: string; suffix: string; name: string },
  isLive: (name: string) => Promise<boolean>,
): Promise<string | undefined> {
  const workflowId = suffixClaimId(subscriptionId, suffix);
  const claim = { workflowId, taskQueue: taskQueues.workflows, memo: { [environmentMemoKey]: name } };
  const { releasedAt } = (await describe(client, workflowId)) ?? {};
  for (let attempt = 1; ; attempt++) {
    try {
      await client.workflow.start(suffixClaimWorkflowType, claim);
      return releasedAt;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    const last = await describe(client, workflowId);
    const held = last?.isOpen ? last : undefined;
    if (held?.holder === name) return undefined;
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

/** The last claim on a suffix. `releasedAt`: its environment was torn down; a claim that a failed POST left is terminated instead. */
async function describe(client: Client, workflowId: string) {
  try {
    const { memo, runId, startTime, closeTime, status } = await client.workflow.getHandle(workflowId).describe();
    return {
      holder: String(memo?.[environmentMemoKey]),
      runId,
      since: startTime.getTime(),
      isOpen: status.name === 'RUNNING',
      releasedAt: status.name === 'CANCELLED' ? closeTime?.toISOString() : undefined,
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
