import { condition, setHandler } from '@temporalio/workflow';
import type { Lease } from '../domain/environment.ts';
import { decide } from '../domain/lifecycle.ts';
import type { LifecycleRequest } from '../domain/lifecycle.ts';
import { environmentRefOf } from '../domain/naming.ts';
import { handleClientUpdates } from './clientUpdates.ts';
import type { EnvironmentParts } from './environmentRuns.ts';
import type { IdempotencyKeys } from './idempotency.ts';
import {
  cancelSignal,
  markUpdate,
  provisionSignal,
  repairTagsUpdate,
  teardownExpiredUpdate,
  teardownSignal,
  verifySignal,
} from './messages.ts';
import type { ExpectedLease, NotifySweep } from './messages.ts';
import { assertAccepted, assertNotContinuing, known, refusal } from './requestChecks.ts';
import { replyToRequests } from './verifyReplies.ts';

/** Installs the handlers of signals and updates. What each request does in which state is decided by `domain/lifecycle.ts`. */
export function handleRequests(parts: EnvironmentParts, keys: IdempotencyKeys): void {
  handleSignals(parts);
  handleClientUpdates(parts, keys);
  handleSweepUpdates(parts);
}

function handleSignals(parts: EnvironmentParts): void {
  const { store, runs } = parts;
  const { record, ref, pending } = store;
  setHandler(provisionSignal, ({ spec, by = null }) => {
    const decision = decide('provision', store.status);
    if (!decision.accepted || decision.work !== 'provision') return;
    // the suffix of a recovered environment may not have been known
    if (record.spec === null) store.updateRef(environmentRefOf(ref.subscriptionId, spec));
    record.spec = spec;
    Object.assign(pending, { provision: true, provisionBy: by });
  });
  setHandler(cancelSignal, async ({ teardown, requestId, by = null }) => {
    if (!store.isKnown) await known(store);
    const work = store.decideSignal(teardown ? 'cancelAndTeardown' : 'cancel', requestId);
    if (work === 'teardown') return requestTeardown(parts, 'requested', by);
    if (work !== 'cancelRun') return;
    // requested before the run began: it begins immediately
    await condition(() => record.run !== null || record.state !== 'provisioning');
    runs.cancel();
  });
  setHandler(teardownSignal, async ({ requestId, by = null }) => {
    if (!store.isKnown) await known(store);
    if (store.decideSignal('teardown', requestId) === 'teardown') await requestTeardown(parts, 'requested', by);
  });
  setHandler(verifySignal, async ({ requestId, replyTo, by = null }) => {
    const accepted = store.decideSignal('verify', requestId) === 'verify';
    pending.verify ||= accepted;
    if (accepted) pending.verifyBy ??= by;
    const replies = replyTo === undefined ? [] : [{ requestId, replyTo }];
    if (accepted) pending.verifyReplies.push(...replies);
    else await replyToRequests(replies, 'refused');
  });
}

function handleSweepUpdates(parts: EnvironmentParts): void {
  const { store, leaseChanges, leaseExpiry } = parts;
  const assertExpired = (request: LifecycleRequest, expected: ExpectedLease): void => {
    assertAccepted(store, request);
    if (!leaseExpiry.matches(expected)) throw refusal('NotExpired');
  };

  setHandler(markUpdate, ({ at }) => leaseChanges.mark(at), {
    validator: (expected: ExpectedLease) => {
      assertNotContinuing(store);
      assertExpired('mark', expected);
    },
  });
  setHandler<Lease, [object], typeof repairTagsUpdate>(repairTagsUpdate, () => leaseChanges.repairTags(), {
    validator: () => {
      assertNotContinuing(store);
      assertAccepted(store, 'renew');
    },
  });
  setHandler(
    teardownExpiredUpdate,
    async (expected: ExpectedLease & NotifySweep) => {
      await leaseExpiry.assertTagsExpired();
      assertExpired('teardownExpired', expected);
      store.pending.notifySweep = expected.notifySweep;
      await requestTeardown(parts, 'expiry', null);
    },
    {
      validator: (expected: ExpectedLease) => {
        assertNotContinuing(store);
        assertExpired('teardownExpired', expected);
      },
    },
  );
}

/** The state changes to `deleting` immediately; a run in progress is cancelled and awaited. */
async function requestTeardown(
  { store, runs }: EnvironmentParts,
  reason: 'requested' | 'expiry',
  by: string | null,
): Promise<void> {
  const { run } = store.record;
  store.setTeardown(reason, by);
  if (run === null || run.kind === 'teardown') return;
  runs.cancel();
  await store.enter('teardownStarted');
}
