import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { Context } from '@temporalio/activity';
import type { Azure } from '../azure/connectAzure.ts';
import { applyAttemptBudget, operationFailure, requestFailure, stuck, nextAttempts } from './errors/activityFailures.ts';
import type { AttemptCounts } from './errors/activityFailures.ts';

/** What every activity works with. */
export interface ActivityDeps {
  azure: Azure;
  /** the installation's key: a group that it did not seal is never touched */
  sealKey: string;
}

const beatMs = 3_000;

/** Temporal's timers are no finer than a second: a shorter wait is spent here, a second in all, before it is left to them. */
const shortWaitMs = 1_000;

/** Kept in the heartbeat from one try to the next. */
interface HeartbeatDetails {
  /** those of them that counted */
  tries: AttemptCounts;
  /** when Azure was first seen at work, or busy, in ms since the epoch */
  busySince?: number;
}

/** However fast an emulator's clock runs, nothing is stuck before this. */
const shortestCeilingMs = 60_000;

/**
 * The one wrapper around every activity: beats while it works, cancels its requests with it, and lets nothing out but
 * ApplicationFailure (or the cancellation). Azure being at work or busy for longer than `ceiling` tells, in minutes, is final:
 * `Stuck`.
 */
export function withHeartbeat<Input, Output>(
  deps: ActivityDeps,
  work: (deps: ActivityDeps, input: Input) => Promise<Output>,
  ceiling?: (input: Input) => number,
): (input: Input) => Promise<Output> {
  return async (input) => {
    const context = Context.current();
    const last = context.info.heartbeatDetails as HeartbeatDetails | undefined;
    let beat: HeartbeatDetails = { tries: {}, ...last };
    const timer = setInterval(() => context.heartbeat(beat), beatMs);
    try {
      const { cancellationSignal: signal, info } = context;
      // one id for a whole run, so that Azure's activity log shows it as one
      const correlationId = info.workflowExecution?.runId ?? randomUUID();
      return await deps.azure.withRequestContext({ signal, correlationId }, () => patiently(() => work(deps, input)));
    } catch (thrown) {
      if (context.cancellationSignal.aborted) return await context.cancelled;
      const failure = applyAttemptBudget(toFailure(deps.azure, thrown), beat.tries);
      const busy = !failure.nonRetryable && (failure.type === 'InProgress' || failure.type === 'Busy');
      beat = {
        ...beat,
        tries: nextAttempts(failure, beat.tries),
        ...(busy && { busySince: beat.busySince ?? Date.now() }),
      };
      context.heartbeat(beat);
      const minutes = ceiling?.(input) ?? Infinity;
      const ceilingMs = Math.max(shortestCeilingMs, deps.azure.delayMs(60 * minutes));
      const overdue = busy && Date.now() - (beat.busySince ?? Infinity) > ceilingMs;
      throw overdue ? stuck(failure, minutes) : failure;
    } finally {
      clearInterval(timer);
    }
  };
}

/** Looks again by itself while the wait that Azure names is a short one, as an emulator's is. */
async function patiently<Output>(look: () => Promise<Output>): Promise<Output> {
  for (const end = Date.now() + shortWaitMs; ;) {
    try {
      return await look();
    } catch (thrown) {
      const waitMs =
        thrown instanceof ApplicationFailure && thrown.type === 'InProgress' ? Number(thrown.nextRetryDelay) : NaN;
      if (!(Date.now() + waitMs < end)) throw thrown;
      await Context.current().sleep(waitMs);
    }
  }
}

function toFailure(azure: Azure, thrown: unknown): ApplicationFailure {
  if (thrown instanceof ApplicationFailure) return thrown;
  const error = azure.errorOf(thrown);
  return error.operation ? operationFailure(azure, error) : requestFailure(azure, error);
}
