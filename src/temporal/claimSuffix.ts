import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { Problem } from '../domain/problem.ts';
import { environmentMemoKey, suffixClaimId, suffixClaimWorkflowType, taskQueues } from '../workflows/messages.ts';

/** A younger claim without an environment may belong to a POST that has not started its workflow; an older one was left by a failed POST. */
const abandonedAfterMs = 60_000;

/** The last claim on a suffix, as Temporal describes it; undefined where there was none. */
export type SuffixClaim = Awaited<ReturnType<typeof describe>>;

/** Reads the last claim on a suffix. */
export const findClaim = (client: Client, subscriptionId: string, suffix: string): Promise<SuffixClaim> =>
  describe(client, suffixClaimId(subscriptionId, suffix));

/**
 * Claims a suffix for an environment before it starts: names that contain it must be unique in all of Azure, so two environments with one
 * suffix would both fail. The claim is an open workflow, whose id is unique. Returns when the suffix's last environment was deleted, as far as it
 * is known (ISO time). `before`: the last claim. Throws SuffixInUse where another environment holds it.
 */
export async function claimSuffix(
  client: Client,
  {
    subscriptionId,
    suffix,
    name,
    before,
  }: { subscriptionId: string; suffix: string; name: string; before: SuffixClaim },
  isLive: (name: string) => Promise<boolean>,
): Promise<string | undefined> {
  const workflowId = suffixClaimId(subscriptionId, suffix);
  const claim = { workflowId, taskQueue: taskQueues.workflows, memo: { [environmentMemoKey]: name } };
  let last = before;
  for (let attempt = 1; ; attempt++) {
    try {
      await client.workflow.start(suffixClaimWorkflowType, claim);
      return last?.releasedAt;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    last = await describe(client, workflowId);
    if (!last?.isOpen) continue;
    const { holder, runId, since, releasedAt } = last;
    if (releasedAt === undefined) {
      if (holder === name) return undefined;
      if (attempt >= 3 || Date.now() - since < abandonedAfterMs || (await isLive(holder)))
        throw new Problem('SuffixInUse', `The suffix ${suffix} is used by the environment ${holder}.`);
    }
    // the run id makes sure that a claim of another POST, started meanwhile, is not terminated
    await client.workflow
      .getHandle(workflowId, runId)
      .terminate('the environment of this claim does not exist')
      .catch(() => undefined);
  }
}

/** A suffix as a POST would find it. */
export interface SuffixState {
  /** the environment that holds it */
  holder: string | undefined;
  /** when its last environment was deleted (ISO time), as far as it is known */
  namesFreedAt: string | undefined;
}

/** Reads who holds a suffix, and claims nothing. */
export async function readSuffix(
  client: Client,
  { subscriptionId, suffix }: { subscriptionId: string; suffix: string },
): Promise<SuffixState> {
  const last = await findClaim(client, subscriptionId, suffix);
  const namesFreedAt = last?.releasedAt;
  return { holder: last?.isOpen && namesFreedAt === undefined ? last.holder : undefined, namesFreedAt };
}

/** The last claim on a suffix. `releasedAt`: its environment was torn down and has asked it to end, which an open claim does soon. */
async function describe(client: Client, workflowId: string) {
  try {
    const { memo, runId, startTime, closeTime, status, raw } = await client.workflow.getHandle(workflowId).describe();
    const isReleased = status.name === 'CANCELLED' || raw.workflowExtendedInfo?.cancelRequested === true;
    return {
      holder: String(memo?.[environmentMemoKey]),
      runId,
      since: startTime.getTime(),
      isOpen: status.name === 'RUNNING',
      releasedAt: isReleased ? (closeTime ?? new Date()).toISOString() : undefined,
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
