import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import type { Json, Lease, Score } from '../domain/environment.ts';
import { decide } from '../domain/lifecycle.ts';
import type { LifecycleRequest, LifecycleRefusal } from '../domain/lifecycle.ts';
import { environmentRefOf } from '../domain/naming.ts';
import type { createIdempotency } from './idempotency.ts';
import {
  cancelSignal,
  markUpdate,
  protectUpdate,
  provisionSignal,
  renewUpdate,
  scoreUpdate,
  teardownExpiredUpdate,
  teardownSignal,
  verifySignal,
} from './messages.ts';
import type { ExpectedLease, Idempotency, NotifySweep } from './messages.ts';
import type { EnvironmentParts } from './environmentRuns.ts';

type Deps = EnvironmentParts & {
  idempotency: ReturnType<typeof createIdempotency>;
  scoreNow: (request: Json) => Promise<Score>;
};

/** Installs the handlers of signals and updates. What each request does in which state is decided by `domain/lifecycle.ts`. */
export function handleRequests({ store, runs, leaseChanges, leaseExpiry, idempotency, scoreNow }: Deps): void {
  const { record, ref, pending } = store;

  function assertAccepted(request: LifecycleRequest): void {
    const decision = decide(request, store.status());
    if (!decision.accepted) throw refusal(decision.code);
  }

  const validate =
    (request: LifecycleRequest) =>
    (input: { idempotency?: Idempotency }): void => {
      idempotency.check(input.idempotency);
      assertAccepted(request);
    };

  const validateExpired = (request: LifecycleRequest) => (expected: ExpectedLease) => {
    assertAccepted(request);
    if (!leaseExpiry.matches(expected)) throw refusal('NotExpired');
  };

  /** The state changes to `deleting` immediately; a run in progress is cancelled and awaited. */
  async function requestTeardown(reason: 'requested' | 'expiry'): Promise<void> {
    const interrupts = record.run !== null && record.run.kind !== 'teardown';
    Object.assign(pending, { startTeardown: true, teardown: reason });
    if (!interrupts) return;
    runs.cancel();
    await store.enter('teardownStarted');
  }

  /** No decision is made before the environment is known. Where it is, there is no wait, so that requests keep their order. */
  const known = (): Promise<void> => condition(store.isKnown);

  async function changeLease(
    request: 'renew' | 'protect',
    work: () => Promise<Lease>,
    key: Idempotency | undefined,
  ): Promise<Lease> {
    idempotency.record(key);
    if (!store.isKnown()) {
      await known();
      assertAccepted(request);
    }
    return work();
  }

  setHandler(provisionSignal, ({ spec }) => {
    const decision = decide('provision', store.status());
    if (!decision.accepted || decision.work !== 'provision') return;
    record.spec = spec;
    // the suffix of a recovered environment may not have been known
    Object.assign(ref, environmentRefOf(ref.subscriptionId, spec));
    pending.provision = true;
  });
  setHandler(cancelSignal, async ({ teardown, requestId }) => {
    if (!store.isKnown()) await known();
    const work = store.decideSignal(teardown ? 'cancelAndTeardown' : 'cancel', requestId);
    if (work === 'teardown') return requestTeardown('requested');
    if (work !== 'cancelRun') return;
    // requested before the run began: it begins immediately
    await condition(() => record.run !== null || record.state !== 'provisioning');
    runs.cancel();
  });
  setHandler(teardownSignal, async ({ requestId }) => {
    if (!store.isKnown()) await known();
    if (store.decideSignal('teardown', requestId) === 'teardown') await requestTeardown('requested');
  });
  setHandler(verifySignal, ({ requestId }) => {
    if (store.decideSignal('verify', requestId) === 'verify') pending.verify = true;
  });
  setHandler(renewUpdate, ({ ttl, idempotency: key }) => changeLease('renew', () => leaseChanges.renew(ttl), key), {
    validator: validate('renew'),
  });
  setHandler(
    protectUpdate,
    (change) => changeLease('protect', () => leaseChanges.protect(change.protected, change.reason), change.idempotency),
    { validator: validate('protect') },
  );
  setHandler(
    scoreUpdate,
    ({ request, idempotency: key }) => {
      idempotency.record(key);
      return scoreNow(request);
    },
    { validator: validate('score') },
  );
  setHandler(markUpdate, ({ at }) => leaseChanges.mark(at), { validator: validateExpired('mark') });
  setHandler(
    teardownExpiredUpdate,
    async (expected: ExpectedLease & NotifySweep) => {
      await leaseExpiry.assertTagsExpired();
      validateExpired('teardownExpired')(expected);
      pending.notifySweep = expected.notifySweep;
      await requestTeardown('expiry');
    },
    { validator: validateExpired('teardownExpired') },
  );
}

const refusal = (code: LifecycleRefusal): ApplicationFailure =>
  ApplicationFailure.nonRetryable(`Refused in the current state: ${code}.`, code);
