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

/** An owner with so many environments being provisioned lets those of other owners go first. */
export const busyOwnerEnvironments = 5;

const provisionKey = { first: 3, further: 4 } as const;

/** Of a run. Somebody waits for a score; a teardown frees what costs money. `ownerIsBusy`: see `busyOwnerEnvironments`. */
export function runPriority(kind: RunKind, ownerIsBusy = false): TaskPriority {
  if (kind === 'score') return { priorityKey: 1 };
  if (kind !== 'provision') return { priorityKey: 2 };
  return { priorityKey: ownerIsBusy ? provisionKey.further : provisionKey.first };
}

/** A run that is further along goes first, so that not all runs of an owner end at the same late time. */
const stepPriority: Partial<Record<StepId, TaskPriority>> = {
  preflight: { priorityKey: 5 },
  resourceGroup: { priorityKey: 5 },
  verify: { priorityKey: 3 },
  score: { priorityKey: 3 },
};

/** The priority of a run's activity; undefined: that of the run, whose key is given. */
export const activityPriority = (runKey: number | undefined, step: StepId): TaskPriority | undefined =>
  runKey === provisionKey.further ? stepPriority[step] : undefined;

/** Owners have ASCII characters only, at most 128; two owners who share their first 64 share a place in the queue. */
const fairnessKeyOf = (owner: string): string => owner.slice(0, 64);
