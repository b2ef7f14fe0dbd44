import { setTimeout as wait } from 'node:timers/promises';
import type { Environment, EnvironmentState, Spec } from '../domain/environment.ts';
import { newRecord } from '../domain/environmentRecord.ts';
import { isExpired } from '../domain/lease.ts';
import { environmentRefOf } from '../domain/naming.ts';
import { busyOwnerEnvironments } from '../domain/priority.ts';
import { Problem } from '../domain/problem.ts';
import { assertMayDo } from '../domain/roles.ts';
import { environmentWorkflowId, provisionSignal } from '../workflows/messages.ts';
import { changeLease } from './changeLease.ts';
import { closedProblem, isClosed } from './closedWorkflow.ts';
import type { EnvironmentReader, StoredEnvironment } from './environmentReader.ts';
import { assertAccepted } from './earlyRefusal.ts';
import type { EnvironmentDeps } from './environmentDeps.ts';
import { newEnvironmentRef } from './planFacts.ts';
import { specHash } from './specHash.ts';
import { startEnvironment } from './startEnvironment.ts';
import { provisioningQuery } from './visibility/environmentQuery.ts';
import { claimSuffix, findClaim } from './claimSuffix.ts';
import type { SuffixClaim } from './claimSuffix.ts';

type Created = { environment: Environment; ready: boolean };

/** The workflow updates its memo within milliseconds after a signal; without a worker, the answer has the expected state. */
const updatedWithinMs = 3_000;
const pollMs = 50;

const exists = async (reader: EnvironmentReader, name: string): Promise<boolean> => {
  const stored = await reader.find(name);
  return stored !== undefined && stored.record.state !== 'deleted';
};

interface Before {
  /** the last claim on the suffix */
  claim: SuffixClaim;
  ownerIsBusy: boolean;
  /** the stored environment whose workflow the new one replaces */
  lost: StoredEnvironment | undefined;
}

/** Only the order of waiting tasks depends on it: where visibility does not answer, the owner counts as not busy. */
const isBusy = async ({ client }: EnvironmentDeps, owner: string): Promise<boolean> =>
  client.workflow.count(provisioningQuery(owner)).then(
    ({ count }) => count >= busyOwnerEnvironments,
    () => false,
  );

/** Returns undefined where a workflow of that name is already open. */
async function start(
  deps: EnvironmentDeps,
  spec: Spec,
  { claim, ownerIsBusy, lost }: Before,
): Promise<Created | undefined> {
  const { client, reader, target, subscriptionId, caller } = deps;
  const { name, suffix } = spec;
  // a lost environment's group is sealed: its workflow reads the names from it
  const ref = lost ? environmentRefOf(subscriptionId, spec) : await newEnvironmentRef(client, subscriptionId, spec);
  const namesFreedAt = await claimSuffix(client, { subscriptionId, suffix, name, before: claim }, (holder) =>
    exists(reader, holder),
  );
  if (lost?.health === 'stuck')
    await client.workflow.getHandle(environmentWorkflowId(name)).terminate('replaced by a new POST');
  const fresh = newRecord(spec, target, Date.now());
  const record = lost ? { ...fresh, lease: { ...lost.record.lease, expiresAt: fresh.lease.expiresAt } } : fresh;
  const runs = lost?.runs ?? [];
  const started = await startEnvironment(client, {
    ref,
    spec,
    specHash: specHash(spec),
    target,
    record,
    requestedBy: caller.name,
    ...(ownerIsBusy && { ownerIsBusy }),
    ...(namesFreedAt !== undefined && { namesFreedAt }),
    ...(lost && { recover: true, runs }),
  });
  return started ? { environment: await reader.withSteps({ record, runs }), ready: false } : undefined;
}

/** Waits until the memo shows the new run, and returns the environment. */
async function awaitRun({ reader }: EnvironmentDeps, name: string, before: EnvironmentState): Promise<Environment> {
  for (const end = Date.now() + updatedWithinMs; Date.now() < end; await wait(pollMs)) {
    const stored = await reader.getStored(name);
    if (stored.record.state !== before) return reader.withSteps(stored);
  }
  return { ...(await reader.get(name)), state: 'provisioning' };
}

/** A POST with the spec of an existing environment: renews an expired lease, and resumes a failed or cancelled run. Its owner remains. */
async function reuseEnvironment(deps: EnvironmentDeps, spec: Spec, stored: StoredEnvironment): Promise<Created> {
  const { client, reader, caller } = deps;
  const { name, ttl } = spec;
  const { state, lease, owner } = stored.record;
  const recovered = stored.record.spec === null;
  // with an expired lease, a sweep could tear the environment down during the run
  if (state !== 'provisioning' && (state === 'expired' || isExpired(lease, Date.now())))
    await changeLease(client, name, { ttl }, undefined);
  if (state !== 'failed' && state !== 'cancelled' && !recovered)
    return { environment: await reader.get(name), ready: state === 'ready' || state === 'expired' };
  const handle = client.workflow.getHandle(environmentWorkflowId(name));
  await handle.signal(provisionSignal, { spec: { ...spec, owner }, by: caller.name });
  return { environment: await awaitRun(deps, name, state === 'expired' ? 'ready' : state), ready: false };
}

/** Undefined where another request has started the workflow meanwhile. */
async function tryEnsure(deps: EnvironmentDeps, spec: Spec): Promise<Created | undefined> {
  const { client, reader, subscriptionId, caller } = deps;
  const { name, owner, suffix } = spec;
  const [stored, claim, ownerIsBusy] = await Promise.all([
    reader.find(name),
    findClaim(client, subscriptionId, suffix),
    isBusy(deps, owner),
  ]);
  const live = stored?.record.state === 'deleted' ? undefined : stored;
  if (live) assertMayDo(caller, 'createEnvironment', live.record.owner);
  if (live?.health === 'ok') assertAccepted('provision', live.record);
  if (live && live.specHash !== specHash(spec))
    throw new Problem(
      'SpecConflict',
      `There is an environment ${name} with another spec. Delete it first, or choose another name.`,
    );
  if (live?.health === 'ok') return reuseEnvironment(deps, spec, live);
  if (!live) await deps.quota.reserve(owner, name);
  try {
    return await start(deps, spec, { claim, ownerIsBusy, lost: live });
  } catch (error) {
    deps.quota.release(name);
    throw error;
  }
}

/** POST: starts a new environment, or continues the one of that name. Throws Forbidden, TooManyEnvironments, SpecConflict, SuffixInUse, BeingDeleted. */
export async function ensureEnvironment(deps: EnvironmentDeps, spec: Spec): Promise<Created> {
  for (let attempts = 1; ; attempts++) {
    try {
      const created = await tryEnsure(deps, spec);
      if (created) return created;
    } catch (error) {
      // the workflow closed meanwhile: repeat with the environment's current state
      if (!isClosed(error)) throw error;
    }
    if (attempts === 5) throw closedProblem(spec.name, await deps.reader.find(spec.name));
  }
}
