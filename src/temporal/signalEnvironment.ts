import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Environment, EnvironmentRecord } from '../domain/environment.ts';
import { decide } from '../domain/lifecycle.ts';
import type { LifecycleRefusal, LifecycleRequest, LifecycleStatus } from '../domain/lifecycle.ts';
import { environmentRefOf } from '../domain/naming.ts';
import { Problem } from '../domain/problem.ts';
import { cancelSignal, environmentWorkflowId, teardownSignal } from '../workflows/messages.ts';
import { isClosed } from './closedWorkflow.ts';
import type { EnvironmentReader, StoredEnvironment } from './environmentReader.ts';
import type { EnvironmentsOptions } from './environmentsOptions.ts';
import { startEnvironment } from './startEnvironment.ts';

/** A worker processes a signal within milliseconds. Without a worker, the signal is accepted and processed later. */
const decidedWithinMs = 3_000;
const pollMs = 50;

/** The lifecycle status as far as the memo has it. The workflow has the whole status, and makes the decision. */
const statusOf = ({ state, run, lease, spec }: EnvironmentRecord): LifecycleStatus => ({
  state,
  run: run?.kind ?? null,
  protected: lease.protected,
  hasSpec: spec !== null,
  teardown: null,
});

function refusal(code: LifecycleRefusal, { name, state, lease }: EnvironmentRecord): Problem {
  if (code === 'Protected')
    return new Problem('Protected', `The environment ${name} is protected${lease.reason ? `: ${lease.reason}` : ''}.`);
  if (code === 'NothingRuns') return new Problem('NothingRuns', `No run of ${name} can be cancelled: it is ${state}.`);
  return new Problem(code === 'NotExpired' ? 'NotReady' : code, `The environment ${name} is ${state}.`);
}

function assertAccepted(request: LifecycleRequest, { record }: StoredEnvironment): void {
  const decision = decide(request, statusOf(record));
  if (!decision.accepted) throw refusal(decision.code, record);
}

/** Requests that only start work. They are checked twice: here by the memo, and by the workflow when it receives the signal. */
export function createSignals(client: Client, reader: EnvironmentReader, { target }: EnvironmentsOptions) {
  const handleOf = (name: string) => client.workflow.getHandle(environmentWorkflowId(name));

  /** Waits for the workflow's decision and returns the environment. `state`: the state that follows; without a worker it is assumed. */
  async function awaitDecision(name: string, requestId: string, state?: Environment['state']): Promise<Environment> {
    for (const end = Date.now() + decidedWithinMs; Date.now() < end; await wait(pollMs)) {
      const stored = await reader.getStored(name);
      const decision = stored.decisions.find((one) => one.requestId === requestId);
      if (decision?.refusal) throw refusal(decision.refusal, stored.record);
      const { record } = stored;
      if (record.state === 'deleted' || (decision && (state === undefined || record.state === state))) break;
    }
    const environment = await reader.get(name);
    return environment.state === 'deleted' || state === undefined ? environment : { ...environment, state };
  }

  async function cancel(name: string, { teardown }: { teardown: boolean }): Promise<Environment> {
    const requestId = randomUUID();
    const stored = await reader.getStored(name);
    assertAccepted('cancel', stored);
    if (teardown) assertAccepted('cancelAndTeardown', stored);
    try {
      await handleOf(name).signal(cancelSignal, { teardown, requestId });
    } catch (error) {
      if (isClosed(error)) throw refusal('NothingRuns', (await reader.getStored(name)).record);
      throw error;
    }
    return awaitDecision(name, requestId, teardown ? 'deleting' : undefined);
  }

  /** Starts a new workflow, from the group's tags, for an environment whose workflow was ended from outside or cannot proceed. */
  async function tearDownLost(
    { record, runs, health, subscriptionId, specHash }: StoredEnvironment,
    requestId: string,
  ) {
    const { name, spec } = record;
    if (health === 'stuck')
      await handleOf(name).terminate('replaced by a workflow that tears the environment down from its tags');
    const recovered = { subscriptionId, name, location: spec?.location ?? '', suffix: spec?.suffix ?? '' };
    return startEnvironment(client, {
      ref: spec ? environmentRefOf(subscriptionId, spec) : recovered,
      spec: null,
      specHash,
      target,
      record: { ...record, state: 'failed', spec: null, run: null, receipt: null },
      runs: health === 'stuck' ? runs.map((run) => ({ ...run, receipt: null })) : runs,
      recover: true,
      request: 'teardown',
      requestId,
    });
  }

  async function remove(name: string): Promise<Environment> {
    const requestId = randomUUID();
    for (let attempt = 1; ; attempt++) {
      const stored = await reader.getStored(name);
      if (stored.record.state === 'deleted') return reader.withSteps(stored);
      assertAccepted('teardown', stored);
      try {
        if (stored.health === 'ok') await handleOf(name).signal(teardownSignal, { requestId });
        else await tearDownLost(stored, requestId);
        return await awaitDecision(name, requestId, 'deleting');
      } catch (error) {
        // the workflow closed meanwhile: repeat with the environment's current state
        if (!isClosed(error) || attempt === 3) throw error;
      }
    }
  }

  return { cancel, remove };
}
