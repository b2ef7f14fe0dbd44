import type { Environment, EnvironmentRecord, RunRecord, ShownStep } from '../domain/environment.ts';
import { availableActions } from '../domain/lifecycle.ts';
import { groupId, environmentRefOf } from '../domain/naming.ts';
import { hourlyCostOf } from '../domain/plan.ts';
import { stepOfMemo } from '../domain/progress.ts';
import type { ResourceProgress, StepProgress } from '../domain/progress.ts';
import { steps } from '../domain/steps.ts';
import type { StepId } from '../domain/steps.ts';
import { environmentWorkflowId } from '../workflows/messages.ts';
import { statusOf } from './earlyRefusal.ts';
import type { PendingFailure } from './pendingFailures.ts';

export type Memo = Record<string, unknown>;

export interface LinkOptions {
  /** Temporal's web UI, without a slash at its end; null: no links to it */
  temporalUi: string | null;
  namespace: string;
  subscriptionId: string;
}

/** The run whose steps are an environment's progress: the run in progress where it has steps, else the last provision or teardown run. */
export function currentRun(record: EnvironmentRecord, runs: readonly RunRecord[]): RunRecord | undefined {
  return runs.findLast(
    ({ kind, id }) =>
      (kind === 'provision' || kind === 'teardown') &&
      (record.run?.kind === 'score' || record.run?.kind === 'verify' || id === record.run?.id || !record.run),
  );
}

/** The steps in a run's memo. */
export function stepsOf(memo: Memo | undefined): StepProgress[] {
  return steps.map(({ id }) => stepOfMemo(memo ?? {}, id));
}

/** An activity's id is `{step}:{verb}:{resource key}`. */
const stepOf = ({ activityId }: PendingFailure): StepId | undefined =>
  steps.find(({ id }) => activityId.startsWith(`${id}:`))?.id;

const withNext = ({ message, nextAttemptAt }: PendingFailure, verb: 'polls' | 'retries'): string =>
  nextAttemptAt === null ? message : `${message}; ${verb} at ${nextAttemptAt.slice(0, 19)}Z`;

/** A step's resources with those whose operation is running. */
function withRunning(resources: readonly ResourceProgress[], failures: readonly PendingFailure[]): ResourceProgress[] {
  const running = failures.flatMap(({ resource }) => resource ?? []);
  const isRunning = ({ id }: ResourceProgress): boolean => running.some((one) => one.id === id);
  return [...resources.filter((resource) => !isRunning(resource)), ...running];
}

/**
 * Adds to the steps what their pending activities report: the resources whose operation is running, what a step waits for, or why it is
 * retried. Polling a running operation fails with `InProgress`; that does not count as an attempt.
 */
export function withPending(shown: readonly StepProgress[], pending: readonly PendingFailure[]): StepProgress[] {
  return shown.map((step) => {
    const failures = pending.filter((failure) => stepOf(failure) === step.id);
    if (failures.length === 0) return step;
    const resources = withRunning(step.resources, failures);
    if (step.state !== 'running' && step.state !== 'retrying') return { ...step, resources };
    const attempt = Math.max(step.attempt, ...failures.map((failure) => failure.attempt));
    const retried = failures.find(({ type }) => type !== 'InProgress');
    if (retried)
      return {
        ...step,
        state: 'retrying',
        reason: retried.type,
        message: withNext(retried, 'retries'),
        attempt,
        resources,
      };
    const message = withNext(failures.at(-1)!, 'polls');
    return { ...step, reason: 'WaitingOnAzure', message, attempt, resources };
  });
}

/** An environment as the API answers it, from its record and its steps. */
export function environmentOf(record: EnvironmentRecord, shown: ShownStep[], base: LinkOptions): Environment {
  const { temporalUi, namespace, subscriptionId } = base;
  const ref = record.spec && environmentRefOf(subscriptionId, record.spec);
  const portal = record.target === 'azure' && ref ? `https://portal.azure.com/#resource${groupId(ref)}` : null;
  return {
    ...record,
    actions: availableActions(statusOf(record)),
    steps: shown,
    costPerHour: record.spec && ref && record.state !== 'deleted' ? hourlyCostOf(ref, record.spec) : null,
    links: {
      temporal: temporalUi && `${temporalUi}/namespaces/${namespace}/workflows/${environmentWorkflowId(record.name)}`,
      portal,
      events: `/environments/${record.name}/events`,
    },
  };
}

/** Whether a run is in progress or about to start, so that the environment's progress will change. */
export const hasRunInProgress = ({ run, state }: EnvironmentRecord): boolean =>
  run !== null || state === 'provisioning' || state === 'deleting';
