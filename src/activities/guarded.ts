import { ApplicationFailure } from '@temporalio/common';
import { Context } from '@temporalio/activity';
import type { Azure } from '../azure/connect.ts';
import { counted, operationFailure, requestFailure, triesAfter } from './failure.ts';

/** What every activity works with. */
export interface Deps {
  azure: Azure;
  /** the installation's key: a group that it did not seal is never touched */
  sealKey: string;
}

const beatMs = 3_000;

/** Temporal's timers are no finer than a second: a shorter wait is spent here, a second in all, before it is left to them. */
const shortWaitMs = 1_000;

/** Kept in the heartbeat from one try to the next: how many of them counted. */
interface Beat {
  tries: number;
}

/**
 * The one wrapper around every activity: beats while it works, cancels its requests with it, and lets nothing out but
 * ApplicationFailure (or the cancellation).
 */
export function guarded<Input, Output>(
  deps: Deps,
  work: (deps: Deps, input: Input) => Promise<Output>,
): (input: Input) => Promise<Output> {
  return async (input) => {
    const context = Context.current();
    const last = context.info.heartbeatDetails as Beat | undefined;
    let beat: Beat = { tries: last?.tries ?? 0 };
    const timer = setInterval(() => context.heartbeat(beat), beatMs);
    try {
      return await deps.azure.cancelledWith(context.cancellationSignal, () => patiently(() => work(deps, input)));
    } catch (thrown) {
      if (context.cancellationSignal.aborted) return await context.cancelled;
      const failure = counted(toFailure(deps.azure, thrown), beat.tries);
      beat = { tries: triesAfter(failure, beat.tries) };
      context.heartbeat(beat);
      throw failure;
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
