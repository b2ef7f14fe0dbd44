import type { RunKind } from './environment.ts';
import type { StepId } from './steps.ts';

/**
 * Where tasks wait in a queue, the lowest priority key goes first (Temporal docs: task queue priority; 1 to 5). Tasks of equal priority are
 * shared out by fairness key.
 */
export interface TaskPriority {
  priorityKey: 1 | 2 | 3 | 4 | 5;
  /** at most 64 bytes */
  fairnessKey?: string;
}

/** Of an environment's workflow: requests and lease changes. Its runs inherit the fairness key: owners do not delay one another. */
export const environmentPriority = (owner: string): TaskPriority => ({
  priorityKey: 1,
  fairnessKey: fairnessKeyOf(owner),
});

/** Somebody waits for a score; a teardown frees what costs money. */
export const runPriority: Record<RunKind, TaskPriority> = {
  score: { priorityKey: 1 },
  verify: { priorityKey: 2 },
  teardown: { priorityKey: 2 },
  provision: { priorityKey: 3 },
};

/** Of a provisioning run's activities: a run that is further along goes first, so that not all runs end at the same late time. */
const stepPriority: Record<StepId, TaskPriority> = {
  preflight: { priorityKey: 5 },
  resourceGroup: { priorityKey: 5 },
  network: { priorityKey: 5 },
  workspace: { priorityKey: 4 },
  jumpbox: { priorityKey: 4 },
  image: { priorityKey: 3 },
  endpoint: { priorityKey: 3 },
  verify: { priorityKey: 2 },
  score: { priorityKey: 2 },
};

/** The priority of a run's activity; undefined: that of the run. */
export const activityPriority = (kind: string, step: StepId): TaskPriority | undefined =>
  kind === 'provision' ? stepPriority[step] : undefined;

/** Owners have ASCII characters only, at most 128; two owners who share their first 64 share a place in the queue. */
const fairnessKeyOf = (owner: string): string => owner.slice(0, 64);
