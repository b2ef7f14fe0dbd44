import { setCurrentDetails, upsertMemo } from '@temporalio/workflow';
import type { Failure } from '../domain/failures.ts';
import { pendingStep, stepMemoKey } from '../domain/progress.ts';
import type { StepProgress } from '../domain/progress.ts';
import { steps } from '../domain/steps.ts';
import type { StepId } from '../domain/steps.ts';

const now = (): string => new Date().toISOString();

/** Shows a run's steps in its memo, which can be read without a worker, one key per step; and in the Temporal UI's current details. */
export function createRunProgress(headline: string) {
  const shown = new Map<StepId, StepProgress>(steps.map(({ id }) => [id, pendingStep(id)]));

  function show(id: StepId, change: Partial<StepProgress>): void {
    const step = { ...shown.get(id)!, ...change };
    shown.set(id, step);
    upsertMemo({ [stepMemoKey(id)]: step });
    const rows = steps.map(({ id }) => {
      const { state, message, resources } = shown.get(id)!;
      const done = resources.filter(
        (resource) => resource.state === 'Succeeded' || resource.state === 'Deleted',
      ).length;
      return `| ${id} | ${state} | ${resources.length > 0 ? `${done} of ${resources.length}` : ''} | ${message ?? ''} |`;
    });
    setCurrentDetails(`### ${headline}\n\n| step | state | resources | |\n|---|---|---|---|\n${rows.join('\n')}`);
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
    resource(id: StepId, resourceId: string, state: string): void {
      const { resources, state: stepState } = shown.get(id)!;
      const others = resources.filter((resource) => resource.id !== resourceId);
      const before = resources.find((resource) => resource.id === resourceId);
      const since = before?.state === state ? before.since : now();
      // a resource that succeeds after the step failed does not hide the failure
      const running = stepState === 'failed' ? {} : { state: 'running' as const, reason: null, message: null };
      show(id, { ...running, resources: [...others, { id: resourceId, state, since }] });
    },
    succeed(id: StepId, message: string | null = null): void {
      show(id, { state: 'succeeded', reason: null, message, finishedAt: now(), since: shown.get(id)!.since ?? now() });
    },
    fail(id: StepId, failure: Failure): void {
      show(id, { state: 'failed', reason: failure.type, message: failure.message, finishedAt: now() });
    },
    /** The run ends, and with it the steps that are running. */
    endRest(state: 'succeeded' | 'skipped', reason: string | null = null): void {
      for (const step of shown.values()) {
        if (step.state === 'running' || step.state === 'retrying')
          show(step.id, { state, reason, message: null, finishedAt: now() });
      }
    },
  };
}

export type RunProgress = ReturnType<typeof createRunProgress>;
