import { setTimeout as wait } from 'node:timers/promises';
import type { Environment, EnvironmentRecord, EnvironmentState, Spec } from '../domain/environment.ts';
import { newRecord } from '../domain/environmentRecord.ts';
import { isExpired } from '../domain/lease.ts';
import { environmentRefOf } from '../domain/naming.ts';
import { Problem } from '../domain/problem.ts';
import { assertMayDo } from '../domain/roles.ts';
import { environmentWorkflowId, provisionSignal } from '../workflows/messages.ts';
import { changeLease } from './changeLease.ts';
import { claimSuffix } from './claimSuffix.ts';
import { closedProblem, isClosed } from './closedWorkflow.ts';
import type { StoredEnvironment, StoredRuns } from './environmentReader.ts';
import { assertAccepted } from './earlyRefusal.ts';
import type { EnvironmentDeps } from './environmentDeps.ts';
import { newEnvironmentRef } from './planFacts.ts';
import { specHash } from './specHash.ts';
import { startEnvironment } from './startEnvironment.ts';

type Created = { environment: Environment; ready: boolean };

/** The workflow updates its memo within milliseconds after a signal; without a worker, the answer has the expected state. */
const updatedWithinMs = 3_000;
const pollMs = 50;

/** A POST's options. */
interface Request {
  spec: Spec;
  /** the caller has chosen the suffix */
  isSuffixChosen: boolean;
}

/**
 * Starts a new environment by one call to Temporal. Its workflow claims the suffix. Undefined where Temporal has a workflow of that name, open or ended:
 * then the request is decided by what it stores.
 */
async function startAtOnce(deps: EnvironmentDeps, spec: Spec): Promise<Created | undefined> {
  const record = newRecord(spec, deps.target, Date.now());
  const started = await startEnvironment(deps.client, inputOf(deps, spec, record), true);
  return started ? createdOf(deps, { record, runs: [] }) : undefined;
}

/** Returns undefined where a workflow of that name is already open. `lost`: the stored environment whose workflow the new one replaces. */
async function start(
  deps: EnvironmentDeps,
  { spec, isSuffixChosen }: Request,
  lost: StoredEnvironment | undefined,
): Promise<Created | undefined> {
  const { client, target, subscriptionId } = deps;
  // a lost environment's group is sealed: its workflow reads the names from it
  const ref = lost ? environmentRefOf(subscriptionId, spec) : await newEnvironmentRef(client, subscriptionId, spec);
  if (isSuffixChosen) await claimSuffix(client, ref);
  if (lost?.health === 'stuck')
    await client.workflow.getHandle(environmentWorkflowId(spec.name)).terminate('replaced by a new POST');
  const fresh = newRecord(spec, target, Date.now());
  const record = lost ? { ...fresh, lease: { ...lost.record.lease, expiresAt: fresh.lease.expiresAt } } : fresh;
  const runs = lost?.runs ?? [];
  const input = { ...inputOf(deps, spec, record), ref, ...(lost && { recover: true, runs }) };
  return (await startEnvironment(client, input)) ? createdOf(deps, { record, runs }) : undefined;
}

const inputOf = ({ subscriptionId, target, caller }: EnvironmentDeps, spec: Spec, record: EnvironmentRecord) => ({
  ref: environmentRefOf(subscriptionId, spec),
  spec,
  specHash: specHash(spec),
  target,
  record,
  requestedBy: caller.name,
});

const createdOf = async ({ reader }: EnvironmentDeps, stored: StoredRuns): Promise<Created> => ({
  environment: await reader.withSteps(stored),
  ready: false,
});

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
async function tryEnsure(deps: EnvironmentDeps, request: Request): Promise<Created | undefined> {
  const { reader, caller } = deps;
  const { spec } = request;
  const { name, owner } = spec;
  const stored = await reader.find(name);
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
    return await start(deps, request, live);
  } catch (error) {
    deps.quota.release(name);
    throw error;
  }
}

/** POST: starts a new environment, or continues the one of that name. Throws Forbidden, TooManyEnvironments, SpecConflict, SuffixInUse, BeingDeleted. */
export async function ensureEnvironment(deps: EnvironmentDeps, spec: Spec, isSuffixChosen: boolean): Promise<Created> {
  // usually nothing has to be known before; a chosen suffix is claimed first, so that the answer says whether it is free
  const isDecidedByStart = !isSuffixChosen && !spec.adopt && !deps.quota.isLimited(spec.owner);
  const started = isDecidedByStart ? await startAtOnce(deps, spec) : undefined;
  if (started) return started;
  for (let attempts = 1; ; attempts++) {
    try {
      const created = await tryEnsure(deps, { spec, isSuffixChosen });
      if (created) return created;
    } catch (error) {
      // the workflow closed meanwhile: repeat with the environment's current state
      if (!isClosed(error)) throw error;
    }
    if (attempts === 5) throw closedProblem(spec.name, await deps.reader.find(spec.name));
  }
}
