import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { EnsureOptions } from '../activities/resources/resourceType.ts';
import type { PolicyChange } from '../domain/environment.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import type { ResourceKey } from '../domain/resourceKeys.ts';
import { plannedResource } from '../domain/resources.ts';
import type { StepId } from '../domain/steps.ts';
import { activityOptions, armOperation } from './armActivities.ts';
import { attemptsOf, evidenceIn, failureOf, runFailure, unwrapCancellation } from './runFailure.ts';
import type { RunProgress } from './runProgress.ts';
import { createTaskGraph } from './taskGraph.ts';
import type { Needs, Task } from './taskGraph.ts';

/** Schedules the tasks and steps of a run. */
export interface StepScheduler {
  /** Calls `sequence`, whose tasks the first failure cancels. */
  schedule<T>(sequence: () => T): Promise<T>;
  /**
   * Runs `work` as part of a step, once everything in `needs` has succeeded. `task` names it within the run: `ensure:registry`,
   * `run:buildImage`.
   */
  runAfter<T>(needs: Needs, step: StepId, task: string, work: () => Promise<T>): Task<T>;
  /** Creates a resource, or adopts the existing one, and waits until ARM reports it as Succeeded. */
  ensure(key: ResourceKey, readFirst: boolean, options?: EnsureOptions): Promise<void>;
  /** What policies made stricter, so far. */
  policyChanges(): PolicyChange[];
  /** A step has ended when all of its tasks have. */
  endStep(id: StepId, tasks: readonly Task<unknown>[]): Task;
  /** Waits for every task, also after the first failure; throws that failure, or the cancellation. */
  end(): Promise<void>;
}

/** Creates the scheduler of a run. The first failure cancels all tasks; activities in flight are awaited. */
export function createStepScheduler(ref: EnvironmentRef, progress: RunProgress): StepScheduler {
  const tasks = createTaskGraph<StepId>({ onStart: progress.begin, onFailure: fail });
  const scope = new CancellationScope();
  const policyChanges = collectPolicyChanges();
  let firstFailure: unknown;

  function fail(step: StepId, thrown: unknown): void {
    const error = unwrapCancellation(thrown);
    const cancelled = isCancellation(error);
    firstFailure ??= cancelled ? error : runFailure(failureOf(error, step, ref), evidenceIn(error));
    if (!cancelled) progress.fail(step, failureOf(error, step), attemptsOf(error));
    scope.cancel();
  }

  const runAfter: StepScheduler['runAfter'] = (needs, step, _task, work) => tasks.add(step, needs, work);

  return {
    // one scope, not one for each task: the SDK keeps the stack traces of the promises of each
    schedule: (sequence) => scope.run(async () => sequence()),
    runAfter,
    ensure(key, readFirst, options = {}) {
      const { step, id, title, name } = plannedResource(ref, key);
      const ensured = armOperation.ensureResource.executeWithOptions(
        activityOptions(step, 'ensure', key, `${title} ${name}`),
        [{ ref, key, readFirst, options }],
      );
      return ensured.then((result) => {
        policyChanges.add(result.policyChanges ?? []);
        progress.resource(step, id, 'Succeeded', result.attempts);
      });
    },
    policyChanges: policyChanges.all,
    endStep: (id, own) => runAfter(own, id, 'end', async () => progress.succeed(id, null)),
    async end() {
      await tasks.end();
      if (firstFailure !== undefined) throw firstFailure;
    },
  };
}

/** By resource and property: a resource may be written several times. */
function collectPolicyChanges() {
  const found = new Map<string, PolicyChange>();
  return {
    add(changes: readonly PolicyChange[]): void {
      for (const change of changes) found.set(`${change.resource} ${change.property}`, change);
    },
    all: (): PolicyChange[] => [...found.values()],
  };
}
