import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Environment } from '../domain/environment.ts';
import { cancelSignal, environmentWorkflowId, teardownSignal, verifySignal } from '../workflows/messages.ts';
import { closedProblem, isClosed } from './closedWorkflow.ts';
import type { StoredEnvironment } from './environmentReader.ts';
import { assertAccepted, refusal } from './earlyRefusal.ts';
import type { EnvironmentDeps } from './environmentDeps.ts';
import { readForChange } from './readForChange.ts';
import { startEnvironment } from './startEnvironment.ts';

/** A worker processes a signal within milliseconds. Without a worker, the signal is accepted and processed later. */
const decidedWithinMs = 3_000;
const pollMs = 50;

/** Waits for the workflow's decision and returns the environment. `state`: the state that follows; without a worker it is assumed. */
async function awaitDecision(
  { reader }: EnvironmentDeps,
  name: string,
  requestId: string,
  state?: Environment['state'],
): Promise<Environment> {
  for (const end = Date.now() + decidedWithinMs; Date.now() < end; await wait(pollMs)) {
    const { record, decisions } = await reader.getStored(name);
    const decision = decisions.find((one) => one.requestId === requestId);
    if (decision?.refusal) throw refusal(decision.refusal, record);
    if (record.state === 'deleted' || (decision && (state === undefined || record.state === state))) break;
  }
  const environment = await reader.get(name);
  return environment.state === 'deleted' || state === undefined ? environment : { ...environment, state };
}

/** Cancels the run in progress; with `teardown`, starts a teardown too. Throws NotFound, Forbidden, NothingRuns, Protected. */
export async function cancelRun(
  deps: EnvironmentDeps,
  name: string,
  { teardown }: { teardown: boolean },
): Promise<Environment> {
  const requestId = randomUUID();
  const stored = await readForChange(deps, 'cancelRun', name);
  assertAccepted('cancel', stored.record);
  if (teardown) assertAccepted('cancelAndTeardown', stored.record);
  try {
    const handle = deps.client.workflow.getHandle(environmentWorkflowId(name));
    await handle.signal(cancelSignal, { teardown, requestId, by: deps.caller.name });
  } catch (error) {
    if (isClosed(error)) throw refusal('NothingRuns', (await deps.reader.getStored(name)).record);
    throw error;
  }
  return awaitDecision(deps, name, requestId, teardown ? 'deleting' : undefined);
}

/** Starts a proof of a ready environment. Throws NotFound, Forbidden, NotReady. */
export async function verifyEnvironment(deps: EnvironmentDeps, name: string): Promise<Environment> {
  const requestId = randomUUID();
  const stored = await readForChange(deps, 'verifyEnvironment', name);
  if (stored.health !== 'ok') throw closedProblem(name, stored);
  assertAccepted('verify', stored.record);
  try {
    const handle = deps.client.workflow.getHandle(environmentWorkflowId(name));
    await handle.signal(verifySignal, { requestId, by: deps.caller.name });
  } catch (error) {
    if (isClosed(error)) throw closedProblem(name, await deps.reader.find(name));
    throw error;
  }
  return awaitDecision(deps, name, requestId);
}

/** Starts a new workflow, from the group's tags, for an environment whose workflow was ended from outside or cannot proceed. */
async function tearDownLost({ client, target, caller }: EnvironmentDeps, stored: StoredEnvironment, requestId: string) {
  const { record, runs, health, ref, specHash } = stored;
  if (health === 'stuck')
    await client.workflow.getHandle(environmentWorkflowId(ref.name)).terminate('replaced by a teardown from the tags');
  return startEnvironment(client, {
    ref,
    spec: null,
    specHash,
    target,
    record: { ...record, state: 'failed', spec: null, run: null, receipt: null },
    // what a stuck workflow holds may be what stopped it
    runs: health === 'stuck' ? runs.map((run) => ({ ...run, receipt: null })) : runs,
    recover: true,
    request: 'teardown',
    requestedBy: caller.name,
    requestId,
  });
}

/** Starts a teardown. Throws NotFound, Forbidden, Protected. */
export async function removeEnvironment(deps: EnvironmentDeps, name: string): Promise<Environment> {
  const { client, reader, caller } = deps;
  const requestId = randomUUID();
  for (let attempt = 1; ; attempt++) {
    const stored = await readForChange(deps, 'removeEnvironment', name);
    if (stored.record.state === 'deleted') return reader.withSteps(stored);
    assertAccepted('teardown', stored.record);
    try {
      if (stored.health === 'ok')
        await client.workflow
          .getHandle(environmentWorkflowId(name))
          .signal(teardownSignal, { requestId, by: caller.name });
      else await tearDownLost(deps, stored, requestId);
      return await awaitDecision(deps, name, requestId, 'deleting');
    } catch (error) {
      // the workflow closed meanwhile: repeat with the environment's current state
      if (!isClosed(error) || attempt === 3) throw error;
    }
  }
}
