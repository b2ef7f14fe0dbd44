import type { StepId } from '../../src/domain/steps.ts';
import type { RunProgress } from '../../src/workflows/runProgress.ts';
import { scheduleSteps } from '../../src/workflows/provision.ts';
import type { StepScheduler } from '../../src/workflows/stepScheduler.ts';
import { refNamed, specOf } from './fixtures.ts';

/** A task of the sequence, with the tasks that it waits for. */
export interface RecordedTask {
  step: StepId;
  /** as the sequence names it: `ensure:registry`; `end` of a step */
  task: string;
  needs: RecordedTask[];
}

const notRun = () => Promise.reject(new Error('a recorded sequence does not run'));

/** The sequence of a provisioning run as it schedules itself, without running anything. */
export function recordSequence(): RecordedTask[] {
  const tasks: RecordedTask[] = [];
  const taskOf = new WeakMap<Promise<unknown>, RecordedTask>();
  const runAfter: StepScheduler['runAfter'] = (needs, step, task) => {
    const recorded = { step, task, needs: [needs].flat().map((need) => taskOf.get(need)!) };
    const never = new Promise<never>(() => {});
    taskOf.set(never, recorded);
    tasks.push(recorded);
    return never;
  };
  scheduleSteps({
    ref: refNamed('recorded'),
    spec: specOf('recorded'),
    specHash: '',
    lease: { expiresAt: '', protected: false, reason: null, markedAt: null },
    runId: 'provision-1',
    progress: {} as RunProgress,
    hasInventory: false,
    mayHaveInternetRule: false,
    machineReplaced: false,
    scheduler: {
      runAfter,
      ensure: notRun,
      end: notRun,
      policyChanges: () => [],
      endStep: (step, own) => runAfter(own, step, 'end', notRun),
    },
  });
  return tasks;
}

/** Whether a task waits for another one, directly or not. */
export const waitsFor = (task: RecordedTask, other: RecordedTask): boolean =>
  task.needs.some((need) => need === other || waitsFor(need, other));
