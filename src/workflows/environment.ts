import { allHandlersFinished, condition, makeContinueAsNewFunc, workflowInfo } from '@temporalio/workflow';
import type { TeardownReceipt } from '../domain/environment.ts';
import { handleRequests } from './environmentRequests.ts';
import { createEnvironmentRuns } from './environmentRuns.ts';
import { createStore } from './environmentStore.ts';
import { createIdempotency } from './idempotency.ts';
import { createLeaseChanges } from './leaseChanges.ts';
import { createLeaseExpiry } from './leaseExpiry.ts';
import type { EnvironmentInput } from './messages.ts';
import { recoverFromGroup } from './recoverFromGroup.ts';
import { createRuns } from './runs.ts';

/** A blocked teardown is tried again after twice as many minutes each time, up to a day. */
const longestRetryMinutes = 24 * 60;

/**
 * One environment, from its first request to its deletion: provision, wait for requests, expire when the lease ends, tear down. Work
 * is done by runs, which are child workflows, one at a time.
 */
export async function environment(input: EnvironmentInput): Promise<TeardownReceipt> {
  const store = createStore(input);
  const { record, pending } = store;
  const runs = createRuns(store);
  const leaseExpiry = createLeaseExpiry(store);
  const parts = { store, runs, leaseExpiry, leaseChanges: createLeaseChanges(store), specHash: input.specHash };
  const idempotency = createIdempotency(input.carried?.idempotencyKeys);
  const { provisionNow, scoreNow, verifyNow, teardownNow, abortTeardown } = createEnvironmentRuns(parts);
  handleRequests({ ...parts, idempotency, scoreNow });
  if (!input.carried) await begin();
  store.show();

  for (;;) {
    if (record.run) await condition(() => record.run === null);
    else if (pending.startTeardown) {
      const receipt = await teardownNow();
      if (receipt) return receipt;
    } else if (workflowInfo().continueAsNewSuggested) await continueAsNew();
    else if (record.state === 'blocked') await waitForBlocker();
    else if (pending.provision) await provisionNow();
    else if (pending.verify) await verifyNow();
    else await waitForRequest();
  }

  async function begin(): Promise<void> {
    if (input.recover) await recoverFromGroup(store);
    store.setKnown();
    const { request = 'provision', requestId = '' } = input;
    if (request === 'provision') pending.provision = true;
    if (request === 'teardown' && store.decideSignal('teardown', requestId) === 'teardown')
      Object.assign(pending, { startTeardown: true, teardown: 'requested' });
  }

  async function continueAsNew(): Promise<void> {
    await condition(allHandlersFinished);
    // without them the next execution would show the memo that this one started with
    const { memo, typedSearchAttributes } = workflowInfo();
    const next = makeContinueAsNewFunc<typeof environment>({ ...(memo && { memo }), typedSearchAttributes });
    await next({ ...input, ref: store.ref, carried: { ...store.carried(), idempotencyKeys: idempotency.carried() } });
  }

  /** Waits until the next attempt is due or requested. A lease that was renewed meanwhile aborts a teardown due to expiry. */
  async function waitForBlocker(): Promise<void> {
    const renewed = () => pending.teardown === 'expiry' && !leaseExpiry.isExpired();
    await condition(() => pending.startTeardown || renewed(), `${pending.retryMinutes} minutes`);
    if (renewed()) return abortTeardown(null);
    pending.retryMinutes = Math.min(2 * pending.retryMinutes, longestRetryMinutes);
    pending.startTeardown = true;
  }

  /** Waits for a request. A lease that expires meanwhile changes the state, and deletes nothing. */
  async function waitForRequest(): Promise<void> {
    const { lease } = record;
    const requested = () =>
      pending.provision ||
      pending.verify ||
      record.lease !== lease ||
      record.run !== null ||
      pending.startTeardown ||
      workflowInfo().continueAsNewSuggested;
    const remainingMs = Date.parse(lease.expiresAt) - Date.now();
    // renewed while the state `expired` was being written
    if (record.state === 'expired' && remainingMs > 0) await store.enter('leaseRenewed');
    else if (record.state !== 'ready' || lease.protected) await condition(requested);
    else if (remainingMs > 0) await condition(requested, remainingMs);
    else await store.enter('leaseExpired');
  }
}
