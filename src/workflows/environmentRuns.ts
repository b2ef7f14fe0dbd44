import { ApplicationFailure, allHandlersFinished, condition, executeChild, isCancellation } from '@temporalio/workflow';
import type { Json, Score, TeardownReceipt } from '../domain/environment.ts';
import type { Failure } from '../domain/failures.ts';
import { decide } from '../domain/lifecycle.ts';
import type { WebhookEvent } from '../domain/webhookEvent.ts';
import type { EnvironmentStore } from './environmentStore.ts';
import type { createLeaseChanges } from './leaseChanges.ts';
import { leaseRenewed, leaseRenewedCode } from './leaseExpiry.ts';
import type { createLeaseExpiry } from './leaseExpiry.ts';
import { provision } from './provision.ts';
import { publishEvents } from './publishEvents.ts';
import { failureOf } from './runFailure.ts';
import type { Runs } from './runs.ts';
import { score } from './score.ts';
import { releaseSuffix } from './suffixClaim.ts';
import { teardown } from './teardown.ts';
import { verify } from './verify.ts';

/** Characters of JSON of an answer that the history of runs keeps: twenty long ones would exceed the limit of a memo. */
const keptAnswer = 4096;

export interface EnvironmentParts {
  store: EnvironmentStore;
  runs: Runs;
  leaseChanges: ReturnType<typeof createLeaseChanges>;
  leaseExpiry: ReturnType<typeof createLeaseExpiry>;
  specHash: string;
}

/** What each kind of run does to the environment: the state before it, the child workflow, the state after it. */
export function createEnvironmentRuns({ store, runs, leaseChanges, leaseExpiry, specHash }: EnvironmentParts) {
  const { record, ref, pending, enter } = store;

  async function provisionNow(): Promise<void> {
    pending.provision = false;
    await enter('provisionStarted', { failure: null, receipt: null });
    const { spec, lease } = record;
    if (pending.startTeardown || spec === null) return;
    try {
      const { receipt, outputs } = await runs.run(
        'provision',
        (options, runId) => executeChild(provision, { ...options, args: [{ ref, spec, specHash, lease, runId }] }),
        (result) => result.receipt,
      );
      if (!pending.startTeardown) await enter('provisionSucceeded', { receipt, outputs });
    } catch (error) {
      record.failure = failureOf(error, null);
      const cancelled = isCancellation(error);
      if (!cancelled && spec.onFailure === 'teardown' && decide('teardown', store.status()).accepted)
        Object.assign(pending, { startTeardown: true, teardown: 'requested' });
      if (!pending.startTeardown) await enter(cancelled ? 'provisionCancelled' : 'provisionFailed');
    }
    if (record.lease !== lease && !pending.startTeardown) await leaseChanges.rewriteTags();
  }

  async function scoreNow(request: Json): Promise<Score> {
    try {
      return await runs.run(
        'score',
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

  /** A failed proof is the run's failure; the environment stays ready. */
  async function verifyNow(): Promise<void> {
    pending.verify = false;
    if (!decide('verify', store.status()).accepted) return;
    await runs
      .run(
        'verify',
        (options, runId) => executeChild(verify, { ...options, args: [{ ref, runId }] }),
        (result) => result,
      )
      .catch(() => undefined);
    store.show();
  }

  /** The receipt when nothing remains; undefined when the environment is now `blocked`, or kept because its lease was renewed. */
  async function teardownNow(): Promise<TeardownReceipt | undefined> {
    pending.startTeardown = false;
    const dueToExpiry = pending.teardown === 'expiry';
    if (dueToExpiry && !leaseExpiry.isExpired()) return abortTeardown(null);
    await enter('teardownStarted');
    // the receipt lists everything that was removed, also by teardowns that were blocked
    const removed = record.receipt && 'removed' in record.receipt ? record.receipt.removed : [];
    try {
      const receipt = await runs.run(
        'teardown',
        (options, runId) => executeChild(teardown, { ...options, args: [{ ref, runId, removed, dueToExpiry }] }),
        (result) => result,
      );
      if (receipt.blockers.length > 0) {
        await enter('teardownBlocked', { receipt });
        return undefined;
      }
      await enter('teardownSucceeded', { receipt });
      await releaseSuffix(ref.subscriptionId, ref.suffix);
      if (pending.notifySweep !== undefined) await publishEvents([deletedEvent(pending.notifySweep)]);
      await condition(allHandlersFinished);
      return receipt;
    } catch (error) {
      const failure = failureOf(error, null);
      if (failure.code === leaseRenewedCode) return abortTeardown(failure);
      await enter('teardownBlocked', { failure });
      return undefined;
    }
  }

  /** The lease was renewed: the next POST creates what was already deleted. */
  async function abortTeardown(failure: Failure | null): Promise<undefined> {
    pending.teardown = null;
    if (record.state === 'deleting' || record.state === 'blocked')
      await enter('teardownAborted', { failure: failure ?? leaseRenewed() });
  }

  function deletedEvent(sweep: string): WebhookEvent {
    const { name, owner, lease } = record;
    return {
      type: 'environment.deleted',
      at: new Date().toISOString(),
      environment: { name, subscriptionId: ref.subscriptionId, owner, expiresAt: lease.expiresAt },
      sweep,
      message: 'nothing remains; the receipt lists what was removed',
    };
  }

  return { provisionNow, scoreNow, verifyNow, teardownNow, abortTeardown };
}

function truncateScore(score: Score): Score {
  const { length } = JSON.stringify(score.body);
  return length <= keptAnswer ? score : { ...score, body: `not kept: ${length} characters of JSON` };
}
