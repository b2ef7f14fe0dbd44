import { ApplicationFailure } from '@temporalio/common';
import type { Azure } from '../azure/connectAzure.ts';
import type { RequestContext } from '../azure/requestContext.ts';
import type { ActivityDeps } from './deps.ts';
import { operationFailure, requestFailure, stuck, waitingSince } from './errors/activityFailures.ts';
import { applyAttemptBudget, nextAttempts } from './errors/attemptBudget.ts';
import type { AttemptCounts } from './errors/attemptBudget.ts';
import { withHeartbeat } from './withHeartbeat.ts';

/** Heartbeat details, which each attempt passes to the next. */
interface ArmDetails {
  /** attempts with failures that count */
  attempts: AttemptCounts;
  /** time of the first `InProgress` or `Busy` failure, in ms since the epoch */
  busySince?: number;
}

/** Minimum before an operation counts as stuck, however fast an emulator's clock runs. */
const shortestTimeoutMs = 60_000;

/**
 * An activity that calls ARM. When an operation is in progress, or a resource busy, for more than `timeoutMinutes` of Azure's time, it
 * fails finally with `Stuck`. From the second poll on, the failure says since when. Other failures are final once their attempts are used up.
 */
export function armActivity<Input, Output>(
  deps: ActivityDeps,
  work: (deps: ActivityDeps, input: Input) => Promise<Output>,
  timeoutMinutes?: (input: Input) => number,
): (input: Input) => Promise<Output> {
  const { azure } = deps;

  function onFailure(thrown: unknown, before: ArmDetails, input: Input, { correlationId }: RequestContext) {
    const failure = applyAttemptBudget(toFailure(azure, thrown), before.attempts);
    const busy = !failure.nonRetryable && (failure.type === 'InProgress' || failure.type === 'Busy');
    const details: ArmDetails = {
      ...before,
      attempts: nextAttempts(failure, before.attempts),
      ...(busy && { busySince: before.busySince ?? Date.now() }),
    };
    if (!busy || before.busySince === undefined) return { failure, details };
    const minutes = timeoutMinutes?.(input) ?? Infinity;
    const timeoutMs = Math.max(shortestTimeoutMs, azure.delayMs(60 * minutes));
    const overdue = Date.now() - before.busySince > timeoutMs;
    if (overdue) return { failure: stuck(failure, minutes, correlationId), details };
    return { failure: waitingSince(failure, before.busySince), details };
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
