import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  executeChild,
  isCancellation,
  makeContinueAsNewFunc,
  patched,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Json, Score, TeardownReceipt } from '../domain/environment.ts';
import type { WebhookEvent } from '../domain/webhookEvent.ts';
import type { Failure } from '../domain/failures.ts';
import { failureOf } from './runFailure.ts';
import { environmentRefOf } from '../domain/naming.ts';
import { createLeaseExpiry, leaseRenewedCode } from './leaseExpiry.ts';
import { createLeaseChanges } from './leaseChanges.ts';
import {
  cancelSignal,
  markUpdate,
  protectUpdate,
  provisionSignal,
  renewUpdate,
  scoreUpdate,
  tearDownExpiredUpdate,
  teardownSignal,
} from './messages.ts';
import type { PendingRequests, EnvironmentInput, ExpectedLease, NotifySweep } from './messages.ts';
import { provision } from './provision.ts';
import { createStore } from './environmentStore.ts';
import { createRuns } from './runs.ts';
import { score } from './score.ts';
import { teardown } from './teardown.ts';
import { publishEvents } from './publishEvents.ts';

/** A blocked teardown looks again after twice as many minutes each time, up to a day. */
const longestLookMinutes = 24 * 60;
/** characters of JSON */
const longestRemembered = 4096;

/**
 * An environment's whole life: provision, stand ready, expire when the lease ends, tear down when told. It decides what
 * is done; what is done is a run, a child workflow, one at a time.
 */
export async function environment(input: EnvironmentInput): Promise<TeardownReceipt> {
  const life = createStore(input);
  const { run, cancel, interruptible } = createRuns(life);
  const { record, site } = life;
  const lease = createLeaseChanges(life);
  const age = createLeaseExpiry(life, input.subscriptionId);
  const fresh: PendingRequests = {
    provision: !input.carried,
    teardown: false,
    forAge: false,
    tellOf: undefined,
    lookMinutes: 10,
  };
  const asked: PendingRequests = input.carried?.asked ?? fresh;
  life.show();

  setHandler(provisionSignal, ({ spec }) => {
    if (leaving() || (record.state !== 'failed' && record.state !== 'cancelled' && record.spec !== null)) return;
    record.spec = spec;
    // of an adopted environment, not all of its site may have been known
    Object.assign(site, environmentRefOf(input.subscriptionId, spec));
    asked.provision = true;
  });
  setHandler(cancelSignal, async ({ teardown: all }) => {
    // asked for before the run has begun: it begins at once
    await condition(() => record.run !== null || record.state !== 'provisioning');
    // the run may have ended meanwhile: what was asked for beyond its end is done all the same
    if (all && !leaving() && (interruptible() || patched('a-late-cancel-tears-down'))) await leave(false);
    else if (interruptible()) cancel();
  });
  setHandler(teardownSignal, () => leave(false));
  setHandler(renewUpdate, ({ ttl }) => lease.renew(ttl), { validator: leaseMayChange });
  setHandler(protectUpdate, (change) => lease.protect(change.protected, change.reason), { validator: leaseMayChange });
  setHandler(markUpdate, ({ at }) => lease.mark(at), { validator: refuseUnlessOver });
  setHandler(tearDownExpiredUpdate, tearDownExpired, { validator: refuseUnlessOver });
  setHandler(scoreUpdate, ({ request }) => scoreNow(request), {
    validator: (_request: { request: Json }) =>
      refuseUnless(record.state === 'ready' && record.spec !== null && !record.run && !asked.teardown, 'NotReady'),
  });

  for (;;) {
    if (asked.teardown && !record.run) {
      const receipt = await teardownNow();
      if (receipt) return receipt;
      if (record.state !== 'blocked') continue;
      await condition(() => asked.teardown || (asked.forAge && !age.isOver()), `${asked.lookMinutes} minutes`);
      asked.lookMinutes = Math.min(2 * asked.lookMinutes, longestLookMinutes);
      asked.teardown = true;
      if (workflowInfo().continueAsNewSuggested && patched('goes-on-anew-while-blocked')) await goOnAnew();
    } else if (asked.provision) {
      await provisionNow();
    } else if (workflowInfo().continueAsNewSuggested && !record.run) {
      await goOnAnew();
    } else {
      await standBy();
    }
  }

  /** In a new execution, with what is asked for by then. */
  async function goOnAnew(): Promise<void> {
    await condition(allHandlersFinished);
    // without them the next execution would show what this one showed when it began
    const { memo, typedSearchAttributes } = workflowInfo();
    const next = makeContinueAsNewFunc<typeof environment>({ ...(memo && { memo }), typedSearchAttributes });
    await next({ ...input, carried: { ...life.carried(), asked } });
  }

  async function provisionNow(): Promise<void> {
    asked.provision = false;
    await life.enter('provisioning', { failure: null, receipt: null });
    if (asked.teardown) return;
    const spec = record.spec ?? input.spec;
    if (spec === null) return;
    const { specHash } = input;
    const { lease: leased } = record;
    try {
      const { receipt, outputs } = await run(
        'provision',
        (options, runId) =>
          executeChild(provision, { ...options, args: [{ site, spec, specHash, lease: leased, runId }] }),
        (result) => result.receipt,
      );
      if (!asked.teardown || !patched('what-leaves-is-not-ready')) await life.enter('ready', { receipt, outputs });
    } catch (error) {
      record.failure = failureOf(error, null);
      if (!isCancellation(error) && spec.onFailure === 'teardown') asked.teardown = true;
      if (!asked.teardown) await life.enter(isCancellation(error) ? 'cancelled' : 'failed');
    }
    if (record.lease !== leased && !asked.teardown) await lease.tell();
  }

  async function scoreNow(request: Json): Promise<Score> {
    try {
      return await run(
        'score',
        (options, runId) => executeChild(score, { ...options, args: [{ site, request, runId }] }),
        remembered,
      );
    } catch (error) {
      const failure = failureOf(error, 'score');
      throw ApplicationFailure.create({
        message: failure.message,
        type: failure.type,
        nonRetryable: true,
        details: [failure],
      });
    } finally {
      life.show();
    }
  }

  /** The receipt when nothing is left; else the environment is `blocked`, or stays because its lease was renewed. */
  async function teardownNow(): Promise<TeardownReceipt | undefined> {
    asked.teardown = false;
    const { forAge } = asked;
    if (forAge && !age.isOver()) return stay(null);
    await life.enter('deleting');
    // the receipt tells all that was removed, also by teardowns that were blocked
    const removed = record.receipt && 'removed' in record.receipt ? record.receipt.removed : [];
    try {
      const receipt = await run(
        'teardown',
        (options, runId) =>
          executeChild(teardown, { ...options, args: [{ site, runId, removed, ...(forAge && { forAge }) }] }),
        (result) => result,
      );
      if (receipt.blockers.length > 0) {
        await life.enter('blocked', { receipt });
        return undefined;
      }
      await life.enter('deleted', { receipt });
      if (asked.tellOf !== undefined) await publishEvents([deletedEvent(asked.tellOf)]);
      await condition(allHandlersFinished);
      return receipt;
    } catch (error) {
      const failure = failureOf(error, null);
      if (failure.code === leaseRenewedCode) return stay(failure);
      await life.enter('blocked', { failure });
      return undefined;
    }
  }

  function deletedEvent(sweep: string): WebhookEvent {
    const { name, owner, lease: ended } = record;
    return {
      type: 'environment.deleted',
      at: new Date().toISOString(),
      environment: { name, subscriptionId: input.subscriptionId, owner, expiresAt: ended.expiresAt },
      sweep,
      message: 'nothing of it is left; its receipt tells what was removed',
    };
  }

  /** What was to go for its age has a lease again. What is gone already comes back with the next POST. */
  async function stay(failure: Failure | null): Promise<undefined> {
    asked.forAge = false;
    if (record.state === 'deleting' || record.state === 'blocked')
      await life.enter('cancelled', { failure: failure ?? age.renewed() });
  }

  /** Told by a sweep, and looked at again: a lease that was renewed meanwhile wins. */
  async function tearDownExpired(seen: ExpectedLease & NotifySweep): Promise<void> {
    await age.requireTagsOver();
    refuseUnlessOver(seen);
    asked.tellOf = seen.notifySweep;
    await leave(true);
  }

  /** Asked to go, the environment says so at once, while the run at work still ends. */
  async function leave(forAge: boolean): Promise<void> {
    asked.teardown = true;
    asked.forAge = forAge;
    if (!interruptible()) return;
    cancel();
    await life.enter('deleting');
  }

  function leaving(): boolean {
    return asked.teardown || record.state === 'deleting' || record.state === 'blocked';
  }

  function leaseMayChange(_change: unknown): void {
    refuseUnless(!leaving() || asked.forAge, 'BeingDeleted');
  }

  function refuseUnlessOver(seen: ExpectedLease): void {
    refuseUnless(!leaving(), 'BeingDeleted');
    refuseUnless(age.isStill(seen), 'NotExpired');
  }

  /** Waits for something to do. A lease that ends meanwhile is told, and deletes nothing. */
  async function standBy(): Promise<void> {
    const { lease: current } = record;
    const due = () =>
      asked.provision ||
      record.lease !== current ||
      (!record.run && (asked.teardown || workflowInfo().continueAsNewSuggested));
    const left = Date.parse(current.expiresAt) - Date.now();
    // renewed while it was being told that its lease is over
    if (record.state === 'expired' && left > 0 && patched('a-renewal-at-the-last-moment-counts')) {
      await life.enter('ready');
      return;
    }
    if (record.state !== 'ready' || current.protected) await condition(due);
    else if (left > 0) await condition(due, left);
    else await life.enter('expired');
  }
}

/** What the history of runs keeps of an answer: twenty long ones would not fit into Temporal's memo. */
function remembered(score: Score): Score {
  const { length } = JSON.stringify(score.body);
  return length <= longestRemembered ? score : { ...score, body: `not kept: ${length} characters of JSON` };
}

function refuseUnless(fine: boolean, type: 'NotReady' | 'BeingDeleted' | 'NotExpired'): void {
  if (!fine) throw ApplicationFailure.nonRetryable(`The environment is not in a state for this: ${type}.`, type);
}
