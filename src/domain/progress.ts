import type { StepId } from './steps.ts';

export type StepState = 'pending' | 'running' | 'retrying' | 'succeeded' | 'failed' | 'skipped';

export interface ResourceProgress {
  id: string;
  /** ARM's provisioningState, as last read; `Deleted` or `Blocked` in a teardown */
  state: string;
  /** when the state was first read, ISO 8601 */
  since: string;
}

/** A step as a condition: state, a reason for programs, a message for people, and since when. */
export interface StepProgress {
  id: StepId;
  state: StepState;
  reason: string | null;
  message: string | null;
  since: string | null;
  finishedAt: string | null;
  /** attempts; polling is not counted */
  attempt: number;
  resources: ResourceProgress[];
}

export function pendingStep(id: StepId): StepProgress {
  return {
    id,
    state: 'pending',
    reason: null,
    message: null,
    since: null,
    finishedAt: null,
    attempt: 0,
    resources: [],
  };
}

/** The memo key under which a run keeps a step. */
export const stepMemoKey = (id: StepId): string => `step:${id}`;
