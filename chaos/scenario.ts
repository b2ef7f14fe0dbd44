import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment, RunRecord } from '../src/domain/environment.ts';
import type { ApiClient } from './apiClient.ts';
import type { EmulatorControl } from './emulatorControl.ts';
import { permanentRefusal } from './faults.ts';
import { openInternet } from './invariants.ts';
import type { Finding } from './invariants.ts';
import { scenarios } from './plan.ts';
import type { PlannedScenario } from './plan.ts';
import type { StepEvents } from './stepEvents.ts';
import type { Teams } from './teams.ts';

export interface ScenarioResult {
  /** the environment's state at the end; `timedOut` when the scenario did not end in time */
  state: Environment['state'] | 'timedOut';
  environment: Environment | undefined;
  /** the scenario's action had no effect, or came when the run had ended */
  missed: 'no effect' | 'too late' | undefined;
  /** in scenarios that fail: the emulator has refused the planned request */
  refused: boolean;
  /** violated expectations */
  errors: string[];
  /** Internet rules that were open while the environment was idle in the middle of the scenario */
  open: Finding[];
}

export interface ScenarioContext {
  client: ApiClient;
  emulator: EmulatorControl;
  stepEvents: StepEvents;
  /** whose resources environments use */
  teams: Teams;
  /** milliseconds until an environment must be idle */
  limitMs: number;
  /** processes are killed meanwhile */
  kills: boolean;
  /** milliseconds between two polls of an environment */
  pollIntervalMs: number;
  /** aborts the scenario */
  signal: AbortSignal;
}

const isIdle = (environment: Environment): boolean =>
  environment.run === null && !['provisioning', 'deleting'].includes(environment.state);

/** Runs one scenario to its end as a user would. Errors of the environment are returned; only an aborted `signal` throws. */
export async function runScenario(planned: PlannedScenario, context: ScenarioContext): Promise<ScenarioResult> {
  const { client, emulator, stepEvents, limitMs, pollIntervalMs, kills, signal } = context;
  const { name, scenario } = planned;
  const errors: string[] = [];
  const open: Finding[] = [];
  const existing = context.teams.existingOf(planned);
  const fails = scenario === 'failAndResume' || scenario === 'failWithTeardown';
  const spec = {
    name,
    location: planned.location,
    model: planned.model,
    ...planned.variant,
    ...existing,
    onFailure: scenario === 'failWithTeardown' ? 'teardown' : 'keep',
  };
  let last: Environment | undefined;
  let missed: ScenarioResult['missed'];
  let refused = false;

  async function until(
    condition: (environment: Environment) => boolean | Promise<boolean>,
    what = 'idle',
  ): Promise<Environment> {
    for (const end = Date.now() + limitMs; Date.now() < end;) {
      last = (await client.get(name)) ?? last;
      if (last) {
        stepEvents.observe(last);
        if (await condition(last)) return last;
      }
      await sleep(pollIntervalMs, undefined, { signal });
    }
    throw new Error(`not ${what} within ${limitMs / 1000} s`);
  }

  async function request(method: string, path: string, body: unknown, ...expected: number[]): Promise<number> {
    const headers = path.endsWith('/score') ? { 'idempotency-key': `${name}-score` } : {};
    const response = await client.call(method, path, body, headers);
    if (!expected.includes(response.status))
      errors.push(`${method} ${path}: ${response.status} ${JSON.stringify(response.body).slice(0, 300)}`);
    // nothing will happen
    if (response.status === 400) throw new Error('the request is invalid');
    return response.status;
  }

  /** Waits for the planned time of the scenario's action. False when the run has ended before. */
  async function untilActionTime(): Promise<boolean> {
    const { step, edge, afterMs } = planned.actAt;
    await until((environment) => isIdle(environment) || stepEvents.has(environment, step, edge));
    await sleep(afterMs, undefined, { signal });
    return !isIdle(last!);
  }

  const untilIdle = (): Promise<Environment> => until(isIdle);

  const runOf = async (id: string): Promise<RunRecord | undefined> =>
    (await client.runs(name)).find((run) => run.id === id);

  /** The run is read before the environment, so that the environment's answer is newer than the run's end. */
  const hasResumed = async (): Promise<boolean> => ((await runOf('provision-2'))?.finishedAt ?? null) !== null;

  async function resume(): Promise<void> {
    // The next run opens the Internet rule itself, so a remaining rule must be detected before it starts.
    open.push(...openInternet(name, await emulator.resources()));
    await request('POST', '/environments', spec, 200, 202);
    await until(hasResumed);
    await untilIdle();
  }

  /** Cancels the run at the planned time. */
  async function cancel(): Promise<void> {
    const teardown = scenario === 'cancelWithTeardown';
    const body = teardown ? { teardown } : undefined;
    const path = `/environments/${name}/cancel`;
    const status = (await untilActionTime()) ? await request('POST', path, body, 202, 409) : 409;
    // An accepted teardown must happen, even when the run was about to end.
    if (teardown && status === 202)
      await until((environment) => isIdle(environment) && environment.state !== 'ready', 'torn down');
    else await untilIdle();
    if (last?.state !== 'ready') return;
    missed = status === 409 ? 'no effect' : 'too late';
    const outcome = missed === 'too late' ? (await runOf('provision-1'))?.outcome : 'succeeded';
    if (outcome !== 'succeeded') errors.push(`cancelled, but ready after a run with outcome ${outcome}`);
  }

  async function act(): Promise<void> {
    const fault = fails ? await emulator.addFault(permanentRefusal(name, planned.refusedType)) : undefined;
    await request('POST', '/environments', spec, 200, 202);
    if (scenario === 'provision' || scenario === 'score' || fails) await untilIdle();
    if (scenario === 'score' && last?.state === 'ready')
      await request('POST', `/environments/${name}/score`, { data: [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]] }, 200);
    if (fault) refused = (await emulator.faults()).some(({ id, hits }) => id === fault.id && hits > 0);
    // Ignore refusals received by a killed worker: the repeated request is not refused.
    if (fails && (kills || !refused) && last?.state === 'ready') missed = 'no effect';
    else if (scenario === 'failAndResume') {
      if (last?.state !== 'failed' || last.failure?.type !== 'Forbidden')
        errors.push(`permanently refused, but ${last?.state} ${last?.failure?.type}`);
      if (last?.state === 'failed') await resume();
    }
    if (scenario === 'deleteDuringRun') {
      if (!(await untilActionTime())) missed = 'no effect';
      await request('DELETE', `/environments/${name}`, undefined, 202, 200);
      await until(
        (environment) => isIdle(environment) && environment.state !== 'ready' && environment.state !== 'cancelled',
      );
    }
    if (scenario === 'cancel' || scenario === 'cancelAndResume' || scenario === 'cancelWithTeardown') await cancel();
    if (scenario === 'cancelAndResume' && last?.state === 'cancelled') await resume();
  }

  try {
    await act();
    if (last!.state !== scenarios[scenario][missed ? 'stateIfMissed' : 'finalState']) errors.push(describe(last!));
    return { state: last!.state, environment: last, missed, refused, errors, open };
  } catch (error) {
    signal.throwIfAborted();
    errors.push(`${String(error)}; last state: ${last ? describe(last) : 'none'}`);
    return { state: 'timedOut', environment: last, missed, refused, errors, open };
  }
}

/** Deletes an environment and waits for `deleted`. Returns what went wrong otherwise. */
export async function tearDown(
  name: string,
  { client, limitMs, pollIntervalMs, signal }: ScenarioContext,
): Promise<string[]> {
  for (const end = Date.now() + limitMs; Date.now() < end;) {
    const { status } = await client.call('DELETE', `/environments/${name}`);
    if (status !== 202 && status !== 200) return [`DELETE: ${status}`];
    for (const repeatAt = Date.now() + 30_000; Date.now() < repeatAt;) {
      const environment = await client.get(name);
      if (environment?.state === 'deleted') return [];
      if (environment?.state === 'blocked' && !environment.run) return [describe(environment)];
      await sleep(pollIntervalMs, undefined, { signal });
    }
  }
  const steps = (await client.get(name))?.steps.filter(({ state }) => state !== 'succeeded' && state !== 'pending');
  return [`not deleted within ${limitMs / 1000} s: ${JSON.stringify(steps)}`];
}

function describe({ state, failure, receipt, steps }: Environment): string {
  const blockers = receipt && 'blockers' in receipt ? receipt.blockers : [];
  const active = steps.filter((step) => step.state === 'running' || step.state === 'retrying');
  return `${state} ${JSON.stringify({ failure, blockers, active })}`;
}
