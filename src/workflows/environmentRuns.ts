import { ApplicationFailure, allHandlersFinished, condition, executeChild, isCancellation } from '@temporalio/workflow';
import type { Json, Score, TeardownReceipt } from '../domain/environment.ts';
import type { Failure } from '../domain/failures.ts';
import { isolationOf } from '../domain/isolationSpec.ts';
import { decide } from '../domain/lifecycle.ts';
import { runPriority } from '../domain/priority.ts';
import { verdictsOf } from '../domain/proof.ts';
import type { WebhookEvent } from '../domain/webhookEvent.ts';
import { admitProvision, releaseSuffix } from './environmentActivities.ts';
import type { EnvironmentStore } from './environmentStore.ts';
import { publishIsolationChange } from './isolationEvents.ts';
import type { LeaseChanges } from './leaseChanges.ts';
import { leaseRenewed, leaseRenewedCode } from './leaseExpiry.ts';
import type { LeaseExpiry } from './leaseExpiry.ts';
import { provision } from './provision.ts';
import { publishEvents } from './publishEvents.ts';
import { brokenProofIn, evidenceIn, failureOf } from './runFailure.ts';
import type { Runs } from './runs.ts';
import { score } from './score.ts';
import { teardown } from './teardown.ts';
import { verify } from './verify.ts';
import { replyToRequests } from './verifyReplies.ts';

/** Characters of JSON of an answer that the history of runs keeps: twenty long ones would exceed the limit of a memo. */
const keptAnswer = 4096;

/** What the environment's workflow consists of. */
export interface EnvironmentParts {
  store: EnvironmentStore;
  runs: Runs;
  leaseChanges: LeaseChanges;
  leaseExpiry: LeaseExpiry;
  specHash: string;
}

/** Runs `provision` and enters the state that follows. A failure with `onFailure: teardown` starts the teardown, unless protected. */
export async function runProvision(parts: EnvironmentParts): Promise<void> {
  const { store, runs, leaseChanges, specHash } = parts;
  const { record, ref, pending } = store;
  pending.provision = false;
  const requestedBy = pending.provisionBy;
  await store.enter('provisionStarted', { failure: null, receipt: null });
  const { spec, lease, owner, createdAt } = record;
  const previousVerdicts = verdictsOf(record.proof);
  if (pending.startTeardown || spec === null) return;
  try {
    const { receipt, outputs } = await runs.run(
      { kind: 'provision', requestedBy },
      async (options, runId) => {
        const { namesFreedAt, ownerIsBusy } = await admitProvision({ ref, owner, createdAt });
        return executeChild(provision, {
          ...options,
          priority: runPriority('provision', ownerIsBusy),
          args: [{ ref, spec, specHash, namesFreedAt, lease, runId, previousVerdicts }],
        });
      },
      (result) => result.receipt,
    );
    if (!pending.startTeardown) {
      await store.enter('provisionSucceeded', { receipt, outputs, proof: receipt.proof });
      await publishIsolationChange(store);
    }
  } catch (error) {
    record.failure = failureOf(error, null);
    record.receipt = evidenceIn(error);
    record.proof = record.receipt?.proof ?? record.proof;
    const cancelled = isCancellation(error);
    if (!cancelled && spec.onFailure === 'teardown' && decide('teardown', store.status).accepted)
      store.setTeardown('requested', null);
    if (!pending.startTeardown) await store.enter(cancelled ? 'provisionCancelled' : 'provisionFailed');
  }
  if (record.lease !== lease && !pending.startTeardown) await leaseChanges.rewriteTags();
}

/** Runs `score` and returns the endpoint's answer. Throws the run's failure. */
export async function runScore(
  { store, runs }: EnvironmentParts,
  request: Json,
  requestedBy: string | null,
): Promise<Score> {
  const { ref } = store;
  try {
    return await runs.run(
      { kind: 'score', requestedBy },
      (options, runId) => executeChild(score, { ...options, args: [{ ref, request, runId }] }),
      truncateScore,
    );
  } catch (error) {
    const failure = failureOf(error, 'score');
    const { message, type } = failure;
    throw ApplicationFailure.create({ message, type, nonRetryable: true, details: [failure] });
  } finally {
    store.show();
  }
}

/** Runs `verify`, and answers the workflows that requested it. */
export async function runVerify(parts: EnvironmentParts): Promise<void> {
  const { pending, status } = parts.store;
  const { accepted } = decide('verify', status);
  const { verifyReplies: replies, verifyBy } = pending;
  Object.assign(pending, { verify: false, verifyBy: null, verifyReplies: [] });
  if (accepted) await proveReady(parts, verifyBy);
  await replyToRequests(replies, accepted ? 'ended' : 'refused');
}

/**
 * A failed proof is the run's failure, and the environment's proof; the environment stays ready. The proof before a repair is published too:
 * what was open is known.
 */
async function proveReady({ store, runs }: EnvironmentParts, requestedBy: string | null): Promise<void> {
  const { record, ref } = store;
  const { onDrift = 'report' } = record.spec ?? {};
  const since = record.proof?.at ?? record.createdAt;
  const previousVerdicts = verdictsOf(record.proof);
  const input = { ...isolationOf(record.spec), ref, previousVerdicts, onDrift, since };
  const { proof, brokenProof } = await runs
    .run(
      { kind: 'verify', requestedBy },
      (options, runId) => executeChild(verify, { ...options, args: [{ ...input, runId }] }),
      ({ proof, repairs }) => ({ proof, repairs }),
    )
    .catch((error: unknown) => ({ proof: evidenceIn(error)?.proof, brokenProof: brokenProofIn(error) }));
  record.proof = proof ?? record.proof;
  store.show();
  if (brokenProof) await publishIsolationChange(store, brokenProof);
  await publishIsolationChange(store);
}

/** Runs `teardown`. The receipt when nothing remains; undefined when it is blocked, or aborted because the lease was renewed. */
export async function runTeardown(parts: EnvironmentParts): Promise<TeardownReceipt | undefined> {
  const { store, runs, leaseExpiry } = parts;
  const { record, ref, pending } = store;
  pending.startTeardown = false;
  const { repeated } = pending;
  pending.repeated = false;
  const dueToExpiry = pending.teardown === 'expiry';
  if (dueToExpiry && !leaseExpiry.isExpired()) return abortTeardown(store, null);
  await store.enter('teardownStarted');
  // a proof that was requested before is refused: the workflow that waits for it is answered
  if (pending.verify) await runVerify(parts);
  // the receipt lists everything that was removed, also by teardowns that were blocked
  const { removed, blockers } =
    record.receipt && 'removed' in record.receipt ? record.receipt : { removed: [], blockers: [] };
  const { workspaceExisted, neverSealed } = store;
  const evidence = { workspaceExisted, ...(neverSealed && { neverSealed }) };
  const input = { ref, removed, blockers, dueToExpiry, repeated, ...evidence, lease: record.lease };
  try {
    const receipt = await runs.run(
      { kind: 'teardown', requestedBy: pending.teardownBy },
      (options, runId) => executeChild(teardown, { ...options, args: [{ ...input, runId }] }),
      (result) => result,
    );
    if (receipt.blockers.length === 0) return await finish(store, receipt);
    await store.enter('teardownBlocked', { receipt });
  } catch (error) {
    const failure = failureOf(error, null);
    if (failure.code === leaseRenewedCode) return abortTeardown(store, failure);
    await store.enter('teardownBlocked', { failure });
  }
  return undefined;
}

/** The lease was renewed: the next POST creates what was already deleted. */
export async function abortTeardown(store: EnvironmentStore, failure: Failure | null): Promise<undefined> {
  const { record, pending } = store;
  pending.teardown = null;
  if (record.state === 'deleting' || record.state === 'blocked')
    await store.enter('teardownAborted', { failure: failure ?? leaseRenewed() });
}

async function finish(store: EnvironmentStore, receipt: TeardownReceipt): Promise<TeardownReceipt> {
  const { ref, pending } = store;
  // before the state says so: a POST after `deleted` would keep a claim that is about to end
  await releaseSuffix({ ref });
  await store.enter('teardownSucceeded', { receipt });
  if (pending.notifySweep !== undefined) await publishEvents([deletedEvent(store, pending.notifySweep)]);
  await condition(allHandlersFinished);
  return receipt;
}

function deletedEvent({ record, ref }: EnvironmentStore, sweep: string): WebhookEvent {
  const { name, owner, lease } = record;
  return {
    type: 'environment.deleted',
    at: new Date().toISOString(),
    environment: { name, subscriptionId: ref.subscriptionId, owner, expiresAt: lease.expiresAt },
    sweep,
    message: 'nothing remains; the receipt lists what was removed',
  };
}

function truncateScore(score: Score): Score {
  const { length } = JSON.stringify(score.body);
  return length <= keptAnswer ? score : { ...score, body: `not kept: ${length} characters of JSON` };
}
