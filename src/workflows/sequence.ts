import type { SequenceTask } from '../domain/durations.ts';
import type { Spec } from '../domain/environment.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import type { StepId } from '../domain/steps.ts';
import { scheduleSteps } from './provision.ts';
import type { RunProgress } from './runProgress.ts';
import type { StepScheduler } from './stepScheduler.ts';
import type { Task } from './taskGraph.ts';

/** A task of the provisioning sequence; `end` is that of a step. */
export interface RecordedTask extends SequenceTask {
  step: StepId;
  needs: RecordedTask[];
}

const notRun = (): never => {
  throw new Error('a recorded sequence does not run');
};

/** The sequence of a provisioning run as it schedules itself, without running anything. Each task comes after those that it waits for. */
export function recordSequence(ref: EnvironmentRef, spec: Spec): RecordedTask[] {
  const tasks: RecordedTask[] = [];
  const taskOf = new Map<Task<unknown>, RecordedTask>();
  const runAfter: StepScheduler['runAfter'] = (needs, step, task) => {
    const recorded = { step, task, needs: [needs].flat().map((need) => taskOf.get(need)!) };
    const neverRun = { value: notRun };
    taskOf.set(neverRun, recorded);
    tasks.push(recorded);
    return neverRun;
  };
  scheduleSteps({
    ref,
    spec,
    specHash: '',
    lease: { expiresAt: '', protected: false, reason: null, markedAt: null },
    runId: 'provision-1',
    progress: {} as RunProgress,
    hasInventory: false,
    mayHaveInternetRule: false,
    machineReplaced: false,
    findings: undefined,
    scheduler: {
      schedule: notRun,
      runAfter,
      ensure: notRun,
      end: notRun,
      policyChanges: () => [],
      endStep: (step, own) => runAfter(own, step, 'end', notRun),
    },
  });
  return tasks;
}
