import { allHandlersFinished, condition, makeContinueAsNewFunc, workflowInfo } from '@temporalio/workflow';
import type { TeardownReceipt } from '../domain/environment.ts';
import { handleRequests } from './environmentRequests.ts';
import { abortTeardown, runProvision, runTeardown, runVerify } from './environmentRuns.ts';
import type { EnvironmentParts } from './environmentRuns.ts';
import { EnvironmentStore } from './environmentStore.ts';
import { createIdempotencyKeys } from './idempotency.ts';
import type { IdempotencyKeys } from './idempotency.ts';
import { createLeaseChanges } from './leaseChanges.ts';
import { createLeaseExpiry } from './leaseExpiry.ts';
import type { LeaseExpiry } from './leaseExpiry.ts';
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
  const store = new EnvironmentStore(input);
  const { record, pending } = store;
  const parts: EnvironmentParts = {
    store,
    runs: createRuns(store),
    leaseChanges: createLeaseChanges(store, input.specHash),
    leaseExpiry: createLeaseExpiry(store),
    specHash: input.specHash,
  };
  const keys = createIdempotencyKeys(input.carried?.requests);
  handleRequests(parts, keys);
  if (!input.carried) await begin(store, input);
  store.show();

  for (;;) {
    if (record.run) await condition(() => record.run === null);
    else if (pending.startTeardown) {
      const receipt = await runTeardown(parts);
      store.flush();
      if (receipt) return receipt;
    } else if (workflowInfo().continueAsNewSuggested) await continueAsNew(store, input, keys);
    else if (record.state === 'blocked') await waitForBlocker(store, parts.leaseExpiry);
    else if (pending.provision) await runProvision(parts);
    else if (pending.verify) await runVerify(parts);
    else await waitForRequest(store);
  }
}

async function begin(store: EnvironmentStore, input: EnvironmentInput): Promise<void> {
  const { recover, request = 'provision', requestId = '', requestedBy = null } = input;
  if (recover) await recoverFromGroup(store);
  store.isKnown = true;
  if (request === 'provision') Object.assign(store.pending, { provision: true, provisionBy: requestedBy });
  if (request === 'teardown' && store.decideSignal('teardown', requestId) === 'teardown')
    store.setTeardown('requested', requestedBy);
}

async function continueAsNew(store: EnvironmentStore, input: EnvironmentInput, keys: IdempotencyKeys): Promise<void> {
  // requests that keep arriving would postpone it without end
  store.isContinuing = true;
  await condition(allHandlersFinished);
  store.flush();
  // without them the next execution would show the memo that this one started with
  const { memo, typedSearchAttributes } = workflowInfo();
  const next = makeContinueAsNewFunc<typeof environment>({ ...(memo && { memo }), typedSearchAttributes });
  await next({ ...input, ref: store.ref, carried: { ...store.carried(), requests: keys.carried() } });
}

/** Waits until the next attempt is due or requested. A lease that was renewed meanwhile aborts a teardown due to expiry. */
async function waitForBlocker(store: EnvironmentStore, leaseExpiry: LeaseExpiry): Promise<void> {
  const { pending } = store;
  const renewed = () => pending.teardown === 'expiry' && !leaseExpiry.isExpired();
  await condition(() => pending.startTeardown || renewed(), `${pending.retryMinutes} minutes`);
  if (renewed()) return abortTeardown(store, null);
  pending.retryMinutes = Math.min(2 * pending.retryMinutes, longestRetryMinutes);
  pending.startTeardown = true;
}

/** Waits for a request. A lease that expires meanwhile changes the state, and deletes nothing. */
async function waitForRequest(store: EnvironmentStore): Promise<void> {
  const { record, pending } = store;
  const { lease } = record;
  const requested = () =>
    pending.provision ||
    pending.verify ||
    pending.startTeardown ||
    record.lease !== lease ||
    record.run !== null ||
    workflowInfo().continueAsNewSuggested;
  const remainingMs = Date.parse(lease.expiresAt) - Date.now();
  // renewed while the state `expired` was being written
  if (record.state === 'expired' && remainingMs > 0) await store.enter('leaseRenewed');
  else if (record.state !== 'ready' || lease.protected) await condition(requested);
  else if (remainingMs > 0) await condition(requested, remainingMs);
  else await store.enter('leaseExpired');
}
