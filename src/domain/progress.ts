import type { StepId } from './steps.ts';

export type StepState = 'pending' | 'running' | 'retrying' | 'succeeded' | 'failed' | 'skipped';

export interface ResourceProgress {
  id: string;
  /** ARM's provisioningState, as last read; `Deleted` or `Blocked` in a teardown */
  state: string;
  /** when the state was first read, ISO 8601 */
  since: string;
  /** attempts of its operation, where more than one; polling is not counted */
  attempt?: number;
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

/** The memo key under which a run keeps a step, without its resources. */
export const stepMemoKey = (id: StepId): string => `step:${id}`;

/** The memo key under which a run keeps a resource of a step, so that a change writes only that resource. `index`: in order of appearance. */
export const resourceMemoKey = (id: StepId, index: number): string => `resource:${id}:${index}`;

/** A step as a run's memo has it, with its resources in order. */
export function stepOfMemo(memo: Record<string, unknown>, id: StepId): StepProgress {
  const { resources: _, ...step } = pendingStep(id);
  const resources = [];
  for (let index = 0; ; index++) {
    const resource = memo[resourceMemoKey(id, index)] as ResourceProgress | undefined;
    if (!resource) break;
    resources.push(resource);
  }
  return { ...step, ...(memo[stepMemoKey(id)] as Omit<StepProgress, 'resources'> | undefined), resources };
}
