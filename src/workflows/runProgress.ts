import { setCurrentDetails } from '@temporalio/workflow';
import type { Failure } from '../domain/failures.ts';
import { pendingStep, resourceMemoKey, stepMemoKey } from '../domain/progress.ts';
import type { ResourceProgress, StepProgress, StepState } from '../domain/progress.ts';
import { steps } from '../domain/steps.ts';
import type { StepId } from '../domain/steps.ts';
import { createMemoBatch } from './memoBatch.ts';
import { report } from './observations.ts';

const now = (): string => new Date().toISOString();
const isInProgress = (state: StepState): boolean => state === 'running' || state === 'retrying';

/** A table of the steps, for the Temporal UI. It is not part of the history. */
function detailsOf(headline: string, shown: ReadonlyMap<StepId, StepProgress>): string {
  const rows = [...shown.values()].map(({ id, state, message, resources }) => {
    const done = resources.filter((resource) => resource.state === 'Succeeded' || resource.state === 'Deleted').length;
    return `| ${id} | ${state} | ${resources.length > 0 ? `${done} of ${resources.length}` : ''} | ${message ?? ''} |`;
  });
  return `### ${headline}\n\n| step | state | resources | |\n|---|---|---|---|\n${rows.join('\n')}`;
}

/** In place of an earlier state of the resource, or at the end. */
const withResource = (resources: readonly ResourceProgress[], row: ResourceProgress): ResourceProgress[] =>
  resources.some(({ id }) => id === row.id)
    ? resources.map((resource) => (resource.id === row.id ? row : resource))
    : [...resources, row];

/** A step is reported once: several of its tasks may fail. */
function reportEnd({ id, state, since }: StepProgress, end: StepState): void {
  if (!isInProgress(state) || since === null) return;
  report.stepEnded({ id, state: end, seconds: (Date.now() - Date.parse(since)) / 1000 });
}

/** Shows a run's steps in its memo, which can be read without a worker, one key per step; and in the Temporal UI's current details. */
export function createRunProgress(headline: string) {
  const shown = new Map<StepId, StepProgress>(steps.map(({ id }) => [id, pendingStep(id)]));
  const memo = createMemoBatch();

  function show(id: StepId, change: Partial<StepProgress>): void {
    const step = { ...shown.get(id)!, ...change };
    shown.set(id, step);
    const { resources: _, ...rest } = step;
    memo.set(stepMemoKey(id), rest);
    change.resources?.forEach((resource, index) => memo.set(resourceMemoKey(id, index), resource));
    setCurrentDetails(detailsOf(headline, shown));
  }

  function end(id: StepId, change: Pick<StepProgress, 'state' | 'reason' | 'message'> & Partial<StepProgress>): void {
    reportEnd(shown.get(id)!, change.state);
    show(id, { ...change, finishedAt: now() });
  }

  return {
    /** A step runs from its first activity on. */
    begin(id: StepId): void {
      if (shown.get(id)!.state === 'pending') show(id, { state: 'running', since: now(), attempt: 1 });
    },
    /** Another attempt of something in this step. */
    retry(id: StepId, failure: Failure): void {
      const { attempt } = shown.get(id)!;
      show(id, { state: 'retrying', reason: failure.type, message: failure.message, attempt: attempt + 1 });
    },
    /** Replaces the message of a step that has ended; returns the one before. */
    setMessage(id: StepId, message: string | null): string | null {
      const before = shown.get(id)!.message;
      show(id, { message });
      return before;
    },
    /** A resource has reached a state. `attempts`: of its operation, where more than one. */
    resource(id: StepId, resourceId: string, state: string, attempts = 1): void {
      const { resources, state: stepState, attempt } = shown.get(id)!;
      // a resource that succeeds after the step failed does not hide the failure
      const running = stepState === 'failed' ? {} : { state: 'running' as const, reason: null, message: null };
      const row = { id: resourceId, state, since: now(), ...(attempts > 1 && { attempt: attempts }) };
      show(id, { ...running, attempt: Math.max(attempt, attempts), resources: withResource(resources, row) });
    },
    succeed(id: StepId, message: string | null = null): void {
      end(id, { state: 'succeeded', reason: null, message, since: shown.get(id)!.since ?? now() });
    },
    fail(id: StepId, failure: Failure, attempts = 1): void {
      const attempt = Math.max(shown.get(id)!.attempt, attempts);
      end(id, { attempt, state: 'failed', reason: failure.type, message: failure.message });
    },
    /** The run ends, and with it the steps that are running. */
    endRest(state: 'succeeded' | 'skipped', reason: string | null = null): void {
      for (const step of shown.values()) {
        if (isInProgress(step.state)) end(step.id, { state, reason, message: null });
      }
    },
    /** Writes the last changes: to be called when the run ends. */
    flush: memo.flush,
  };
}

export type RunProgress = ReturnType<typeof createRunProgress>;
