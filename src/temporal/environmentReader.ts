import { createHash } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Environment, EnvironmentRecord, RunRecord } from '../domain/environment.ts';
import type { ListedEnvironment } from '../domain/listedEnvironment.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import { Problem } from '../domain/problem.ts';
import type { StepProgress } from '../domain/progress.ts';
import {
  decisionsMemoKey,
  environmentWorkflowId,
  refMemoKey,
  runWorkflowId,
  specHashMemoKey,
} from '../workflows/messages.ts';
import type { SignalDecision } from '../workflows/messages.ts';
import { findWorkflow } from './findWorkflow.ts';
import { storedRecord, taskFailure } from './lostEnvironment.ts';
import { nextAttemptOf, pendingFailures } from './pendingFailures.ts';
import type { StepUsuals } from './stepUsuals.ts';
import { environmentOf, currentRun, stepsOf, withPending } from './environmentView.ts';
import type { LinkOptions } from './environmentView.ts';

/** An environment as stored on Temporal's server; reading it needs no worker. */
export interface StoredEnvironment {
  record: EnvironmentRecord;
  runs: RunRecord[];
  specHash: string;
  ref: EnvironmentRef;
  decisions: SignalDecision[];
  /** `lost`: its workflow was ended from outside; `stuck`: its workflow tasks keep failing */
  health: 'ok' | 'lost' | 'stuck';
}

/** An environment and its last runs. */
export type StoredRuns = Pick<StoredEnvironment, 'record' | 'runs'>;

/** What an environment's run shows, and when that may change without an event in its history. */
export interface Progress {
  environment: Environment;
  /** when Temporal makes the next attempt of a pending activity, in ms of its clock; 0: one is being made; null: none is pending */
  nextAttemptAt: number | null;
}

/** Reads environments from Temporal's server: two describes each. */
export function createEnvironmentReader(client: Client, base: LinkOptions, withUsual: StepUsuals) {
  /** Undefined where Temporal keeps no workflow of that name. */
  async function find(name: string): Promise<StoredEnvironment | undefined> {
    const description = await findWorkflow(client, environmentWorkflowId(name));
    const stored = description && storedRecord(description);
    if (!description || !stored) return undefined;
    const { memo } = description;
    const failure = taskFailure(description);
    return {
      record: failure ? { ...stored.record, failure } : stored.record,
      runs: stored.runs,
      specHash: String(memo?.[specHashMemoKey]),
      ref: memo?.[refMemoKey] as EnvironmentRef,
      decisions: (memo?.[decisionsMemoKey] as SignalDecision[] | undefined) ?? [],
      health: stored.lost ? 'lost' : failure ? 'stuck' : 'ok',
    };
  }

  /** Like `find`; throws NotFound instead of returning undefined. */
  async function getStored(name: string): Promise<StoredEnvironment> {
    const stored = await find(name);
    if (!stored) throw new Problem('NotFound', `There is no environment ${name}.`);
    return stored;
  }

  /** One describe, of the run whose steps are shown. */
  async function readRun({ record, runs }: StoredRuns) {
    const run = currentRun(record, runs);
    const child = run && (await findWorkflow(client, runWorkflowId(record.name, run.id)));
    // an earlier environment of the same name had runs with the same ids
    const current = child && child.startTime.getTime() >= Date.parse(run.startedAt) ? child : undefined;
    // the run of a ready environment succeeded, although Temporal no longer keeps it
    const shown = stepsOf(current?.memo).map((step) =>
      !child && record.state === 'ready' ? { ...step, state: 'succeeded' as const } : step,
    );
    return { run, current, shown };
  }

  async function readProgress(stored: StoredRuns): Promise<Progress> {
    const { record } = stored;
    const { run, current, shown } = await readRun(stored);
    const pending = current?.status.name === 'RUNNING' ? (current.raw.pendingActivities ?? []) : [];
    const failures = await pendingFailures(pending, client.options.loadedDataConverter);
    const steps = withPending(shown, failures);
    return {
      environment: environmentOf(record, run?.kind === 'provision' ? await withUsual(steps, record.spec) : steps, base),
      nextAttemptAt: nextAttemptOf(pending),
    };
  }

  return {
    find,
    getStored,
    readProgress,
    /** The steps of the run that is shown, without what its pending activities report. */
    readSteps: async (stored: StoredRuns): Promise<StepProgress[]> => (await readRun(stored)).shown,
    withSteps: async (stored: StoredRuns): Promise<Environment> => (await readProgress(stored)).environment,
    get: async (name: string): Promise<Environment> => (await readProgress(await getStored(name))).environment,
  };
}

export type EnvironmentReader = ReturnType<typeof createEnvironmentReader>;

/** Id of a state on the event stream: equal states have equal ids. */
export const eventId = (environment: Environment | ListedEnvironment): string =>
  createHash('sha256').update(JSON.stringify(environment)).digest('hex').slice(0, 16);
