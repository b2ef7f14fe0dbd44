import { ApplicationFailure } from '@temporalio/common';
import type { Azure } from '../azure/connectAzure.ts';
import type { ActivityDeps } from './deps.ts';
import { operationFailure, requestFailure, stuck } from './errors/activityFailures.ts';
import { applyAttemptBudget, nextAttempts } from './errors/attemptBudget.ts';
import type { AttemptCounts } from './errors/attemptBudget.ts';
import { withHeartbeat } from './withHeartbeat.ts';

/** Kept in the heartbeat from one attempt to the next. */
interface ArmDetails {
  /** of the attempts that counted */
  attempts: AttemptCounts;
  /** when Azure was first seen in progress or busy, in ms since the epoch */
  busySince?: number;
}

/** However fast an emulator's clock runs, nothing is stuck before this. */
const shortestTimeoutMs = 60_000;

/**
 * An activity that calls ARM. Azure being in progress or busy for longer than `timeoutMinutes` of its own time is final: `Stuck`; so is
 * any other failure that has used up its attempts.
 */
export function armActivity<Input, Output>(
  deps: ActivityDeps,
  work: (deps: ActivityDeps, input: Input) => Promise<Output>,
  timeoutMinutes?: (input: Input) => number,
): (input: Input) => Promise<Output> {
  const { azure } = deps;

  function onFailure(thrown: unknown, before: ArmDetails, input: Input) {
    const failure = applyAttemptBudget(toFailure(azure, thrown), before.attempts);
    const busy = !failure.nonRetryable && (failure.type === 'InProgress' || failure.type === 'Busy');
    const details: ArmDetails = {
      ...before,
      attempts: nextAttempts(failure, before.attempts),
      ...(busy && { busySince: before.busySince ?? Date.now() }),
    };
    const minutes = timeoutMinutes?.(input) ?? Infinity;
    const timeoutMs = Math.max(shortestTimeoutMs, azure.delayMs(60 * minutes));
    const overdue = busy && Date.now() - (before.busySince ?? Infinity) > timeoutMs;
    return { failure: overdue ? stuck(failure, minutes) : failure, details };
  }

  return withHeartbeat({ initialDetails: { attempts: {} }, onFailure }, (input: Input, context) =>
    azure.withRequestContext(context, () => work(deps, input)),
  );
}

function toFailure(azure: Azure, thrown: unknown): ApplicationFailure {
  if (thrown instanceof ApplicationFailure) return thrown;
  const error = azure.errorOf(thrown);
  return error.operation ? operationFailure(azure, error) : requestFailure(azure, error);
}
