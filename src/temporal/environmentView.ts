import type { Environment, EnvironmentRecord, RunRecord, ShownStep } from '../domain/environment.ts';
import { groupId, environmentRefOf } from '../domain/naming.ts';
import { pendingStep, stepMemoKey } from '../domain/progress.ts';
import type { StepProgress } from '../domain/progress.ts';
import { steps } from '../domain/steps.ts';
import type { StepId } from '../domain/steps.ts';
import { environmentWorkflowId } from '../workflows/messages.ts';
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
  return steps.map(({ id }) => (memo?.[stepMemoKey(id)] as StepProgress | undefined) ?? pendingStep(id));
}

/** An activity's id is `{step}:{verb}:{resource key}`. */
const stepOf = ({ activityId }: PendingFailure): StepId | undefined =>
  steps.find(({ id }) => activityId.startsWith(`${id}:`))?.id;

/** Whether a failed activity is a poll, which is not an attempt of the step. */
const isPoll = ({ activityId }: PendingFailure): boolean => activityId.split(':')[1] === 'observe';

const withNext = ({ message, nextAttemptAt }: PendingFailure, verb: 'polls' | 'retries'): string =>
  nextAttemptAt === null ? message : `${message}; ${verb} at ${nextAttemptAt.slice(0, 19)}Z`;

/**
 * Adds to the steps what their pending activities report: what a step waits for, or why it is retried. Polling a
 * running operation fails with `InProgress`; that does not count as an attempt.
 */
export function withPending(shown: readonly StepProgress[], pending: readonly PendingFailure[]): StepProgress[] {
  return shown.map((step) => {
    if (step.state !== 'running' && step.state !== 'retrying') return step;
    const failures = pending.filter((failure) => stepOf(failure) === step.id);
    const retried = failures.find(({ type }) => type !== 'InProgress');
    if (retried)
      return {
        ...step,
        state: 'retrying',
        reason: retried.type,
        message: withNext(retried, 'retries'),
        attempt: isPoll(retried) ? step.attempt : Math.max(step.attempt, retried.attempt),
      };
    const waiting = failures.at(-1);
    return waiting ? { ...step, reason: 'WaitingOnAzure', message: withNext(waiting, 'polls') } : step;
  });
}

/** An environment as the API answers it, from its record and its steps. */
export function environmentOf(record: EnvironmentRecord, shown: ShownStep[], base: LinkOptions): Environment {
  const { temporalUi, namespace, subscriptionId } = base;
  const portal =
    record.target === 'azure' && record.spec
      ? `https://portal.azure.com/#resource${groupId(environmentRefOf(subscriptionId, record.spec))}`
      : null;
  return {
    ...record,
    steps: shown,
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
