import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { EnvironmentRef } from '../domain/naming.ts';
import { Problem } from '../domain/problem.ts';
import {
  environmentMemoKey,
  environmentWorkflowId,
  namesFreedMemoKey,
  suffixClaimId,
  suffixClaimWorkflowType,
  taskQueues,
} from '../workflows/messages.ts';
import { findWorkflow } from './findWorkflow.ts';
import { storedRecord } from './lostEnvironment.ts';

type Claimed = Pick<EnvironmentRef, 'subscriptionId' | 'suffix' | 'name'>;

/** A younger claim without an environment may belong to a POST that has not started its workflow; an older one was left by a failed POST. */
const abandonedAfterMs = 60_000;
/** Claims that change while one is being made. */
const maxAttempts = 3;
/** A claim is a workflow that never begins: it costs no worker anything, and ends without one. */
const never = '3650 days';

/**
 * Claims a suffix for an environment: names that contain it must be unique in all of Azure, so two environments with one suffix would both fail.
 * The claim is an open workflow, whose id is unique; the environment may have made it before. Returns when the suffix's last environment was
 * deleted, as far as it is known (ISO time). Throws SuffixInUse where another environment holds it.
 */
export async function claimSuffix(client: Client, claimed: Claimed): Promise<string | undefined> {
  const { subscriptionId, suffix, name } = claimed;
  if (await start(client, claimed, undefined)) return undefined;
  for (let attempt = 1; ; attempt++) {
    const last = await findClaim(client, claimed);
    if (last?.isOpen) {
      if (last.holder === name) return last.namesFreedAt;
      if (attempt > maxAttempts || !(await isAbandoned(client, last)))
        throw new Problem('SuffixInUse', `The suffix ${suffix} is used by the environment ${last.holder}.`);
      await end(client, suffixClaimId(subscriptionId, suffix), last.runId, `there is no environment ${last.holder}`);
    }
    if (await start(client, claimed, last)) return last?.namesFreedAt;
  }
}

/** Ends an environment's claim on its suffix. A claim of another environment remains. */
export async function releaseSuffix(client: Client, claimed: Claimed): Promise<void> {
  const last = await findClaim(client, claimed);
  if (!last?.isOpen || last.holder !== claimed.name) return;
  const workflowId = suffixClaimId(claimed.subscriptionId, claimed.suffix);
  await end(client, workflowId, last.runId, `the environment ${claimed.name} was deleted`);
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
  suffix: Pick<EnvironmentRef, 'subscriptionId' | 'suffix'>,
): Promise<SuffixState> {
  const last = await findClaim(client, suffix);
  return { holder: last?.isOpen ? last.holder : undefined, namesFreedAt: last?.namesFreedAt };
}

type Claim = NonNullable<Awaited<ReturnType<typeof findClaim>>>;

/** The last claim on a suffix; undefined where there was none. */
async function findClaim(client: Client, { subscriptionId, suffix }: Pick<Claimed, 'subscriptionId' | 'suffix'>) {
  const description = await findWorkflow(client, suffixClaimId(subscriptionId, suffix));
  if (!description) return undefined;
  const { memo, runId, startTime, closeTime, status } = description;
  return {
    holder: String(memo?.[environmentMemoKey]),
    runId,
    since: startTime.getTime(),
    isOpen: status.name === 'RUNNING',
    namesFreedAt: closeTime?.toISOString() ?? (memo?.[namesFreedMemoKey] as string | undefined),
  };
}

/** Starts a claim after the `last` one; undefined: there was none. Returns false where there is another one meanwhile. */
async function start(
  client: Client,
  { subscriptionId, suffix, name }: Claimed,
  last: Claim | undefined,
): Promise<boolean> {
  try {
    await client.workflow.start(suffixClaimWorkflowType, {
      workflowId: suffixClaimId(subscriptionId, suffix),
      workflowIdReusePolicy: last ? 'ALLOW_DUPLICATE' : 'REJECT_DUPLICATE',
      taskQueue: taskQueues.workflows,
      startDelay: never,
      memo: { [environmentMemoKey]: name, ...(last?.namesFreedAt && { [namesFreedMemoKey]: last.namesFreedAt }) },
      staticSummary: `the suffix ${suffix} is used by the environment ${name}`,
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/** Whether the claim was left by a POST that was interrupted, or its environment was deleted. */
async function isAbandoned(client: Client, { holder, since }: Claim): Promise<boolean> {
  if (Date.now() - since < abandonedAfterMs) return false;
  const description = await findWorkflow(client, environmentWorkflowId(holder));
  const stored = description && storedRecord(description);
  return stored === undefined || stored.record.state === 'deleted';
}

/** Its run id makes sure that a claim of another request, started meanwhile, is not ended. */
async function end(client: Client, workflowId: string, runId: string, reason: string): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId, runId).terminate(reason);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
