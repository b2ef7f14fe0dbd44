import type { EnvironmentRecord } from '../domain/environment.ts';
import { decide } from '../domain/lifecycle.ts';
import type { LifecycleRefusal, LifecycleRequest, LifecycleStatus } from '../domain/lifecycle.ts';
import { Problem } from '../domain/problem.ts';

/** The lifecycle status as far as the memo has it. The workflow has the whole status, and makes the decision. */
export const statusOf = ({ state, run, lease, spec }: EnvironmentRecord): LifecycleStatus => ({
  state,
  run: run?.kind ?? null,
  protected: lease.protected,
  hasSpec: spec !== null,
  teardown: null,
});

/** The problem of a refused request. */
export function refusal(code: LifecycleRefusal, { name, state, lease, run }: EnvironmentRecord): Problem {
  if (code === 'Protected')
    return new Problem('Protected', `The environment ${name} is protected${lease.reason ? `: ${lease.reason}` : ''}.`);
  if (code === 'NothingRuns') return new Problem('NothingRuns', `No run of ${name} can be cancelled: it is ${state}.`);
  if (code === 'BeingDeleted')
    return new Problem(
      'BeingDeleted',
      `The environment ${name} is ${state === 'deleted' ? 'deleted' : 'being deleted'}.`,
    );
  return new Problem('NotReady', `The environment ${name} is ${run ? `busy with ${run.id}` : state}.`);
}

/** Refuses a request by the lifecycle table before the workflow is asked. Throws BeingDeleted, NothingRuns, NotReady, Protected. */
export function assertAccepted(request: LifecycleRequest, record: EnvironmentRecord): void {
  const decision = decide(request, statusOf(record));
  if (!decision.accepted) throw refusal(decision.code, record);
}
