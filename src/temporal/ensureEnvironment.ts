import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Environment, Spec } from '../domain/environment.ts';
import { newRecord } from '../domain/environmentRecord.ts';
import { isExpired } from '../domain/lease.ts';
import { environmentRefOf } from '../domain/naming.ts';
import { Problem } from '../domain/problem.ts';
import { environmentWorkflowId, provisionSignal } from '../workflows/messages.ts';
import { changeLease } from './changeLease.ts';
import { closedProblem, isClosed } from './closedWorkflow.ts';
import type { EnvironmentReader, StoredEnvironment } from './environmentReader.ts';
import type { EnvironmentsOptions } from './environmentsOptions.ts';
import { specHash } from './specHash.ts';
import { startEnvironment } from './startEnvironment.ts';
import { claimSuffix } from './claimSuffix.ts';

type Created = { environment: Environment; ready: boolean };

/** The workflow updates its memo within milliseconds after a signal; without a worker, the answer has the expected state. */
const updatedWithinMs = 3_000;
const pollMs = 50;

/** POST: a new environment, a run that continues a failed one, a renewed lease, or the environment as it is. */
export function createEnsureEnvironment(
  client: Client,
  reader: EnvironmentReader,
  { target, subscriptionId }: EnvironmentsOptions,
): (spec: Spec) => Promise<Created> {
  const handleOf = (name: string) => client.workflow.getHandle(environmentWorkflowId(name));
  const isLive = async (name: string): Promise<boolean> => {
    const stored = await reader.find(name);
    return stored !== undefined && stored.record.state !== 'deleted';
  };

  /** Returns false where a workflow of that name is already open. `lost`: the stored environment whose workflow this one replaces. */
  async function start(spec: Spec, hash: string, lost?: StoredEnvironment): Promise<boolean> {
    const { name, suffix } = spec;
    await claimSuffix(client, { subscriptionId, suffix, name }, isLive);
    if (lost?.health === 'stuck') await handleOf(name).terminate('replaced by a new POST');
    const record = newRecord(spec, target, Date.now());
    const recovery = lost && { recover: true, runs: lost.runs };
    return startEnvironment(client, {
      ref: environmentRefOf(subscriptionId, spec),
      spec,
      specHash: hash,
      target,
      record: lost ? { ...record, lease: { ...lost.record.lease, expiresAt: record.lease.expiresAt } } : record,
      ...recovery,
    });
  }

  /** Waits until the memo shows the new run, and returns the environment. */
  async function awaitRun(name: string, before: Environment['state']): Promise<Environment> {
    for (const end = Date.now() + updatedWithinMs; Date.now() < end; await wait(pollMs)) {
      const stored = await reader.getStored(name);
      if (stored.record.state !== before) return reader.withSteps(stored);
    }
    return { ...(await reader.get(name)), state: 'provisioning' };
  }

  async function resume(spec: Spec, stored: StoredEnvironment): Promise<Created> {
    const { name, ttl } = spec;
    const { state, lease } = stored.record;
    const recovered = stored.record.spec === null;
    // with an expired lease, a sweep could tear the environment down during the run
    if (state !== 'provisioning' && (state === 'expired' || isExpired(lease, Date.now())))
      await changeLease(client, name, { ttl }, undefined);
    if (state === 'expired' && !recovered) return { environment: await reader.get(name), ready: true };
    if (state !== 'failed' && state !== 'cancelled' && !recovered)
      return { environment: await reader.get(name), ready: state === 'ready' };
    await handleOf(name).signal(provisionSignal, { spec });
    return { environment: await awaitRun(name, state === 'expired' ? 'ready' : state), ready: false };
  }

  async function attempt(spec: Spec): Promise<Created | undefined> {
    const { name } = spec;
    const hash = specHash(spec);
    const stored = await reader.find(name);
    const state = stored?.record.state;
    if (stored && state !== 'deleted' && stored.health === 'ok' && (state === 'deleting' || state === 'blocked'))
      throw new Problem('BeingDeleted', `The environment ${name} is being deleted. POST it again after its deletion.`);
    if (stored && state !== 'deleted' && stored.specHash !== hash)
      throw new Problem(
        'SpecConflict',
        `There is an environment ${name} with another spec. Delete it first, or choose another name.`,
      );
    if (stored && state !== 'deleted' && stored.health === 'ok') return resume(spec, stored);
    const replaced = state === 'deleted' ? undefined : stored;
    if (!(await start(spec, hash, replaced))) return undefined;
    return { environment: await reader.get(name), ready: false };
  }

  return async function create(spec) {
    for (let attempts = 1; ; attempts++) {
      try {
        const created = await attempt(spec);
        if (created) return created;
      } catch (error) {
        // the workflow closed meanwhile: repeat with the environment's current state
        if (!isClosed(error)) throw error;
      }
      if (attempts === 5) throw closedProblem(spec.name, await reader.find(spec.name));
    }
  };
}
