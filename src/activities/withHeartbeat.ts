import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { ApplicationFailure } from '@temporalio/common';
import type { RequestContext } from '../azure/requestContext.ts';

const intervalMs = 3_000;

interface Options<Input, Details> {
  /** heartbeat details of the first attempt; each attempt passes its own to the next */
  initialDetails: Details;
  /** the failure to throw, and the heartbeat details for the next attempt */
  onFailure(thrown: unknown, details: Details, input: Input): { failure: ApplicationFailure; details: Details };
}

/**
 * Wraps every activity: sends heartbeats while it runs, passes its cancellation to `work`, and throws only ApplicationFailure or the
 * cancellation.
 */
export function withHeartbeat<Input, Output, Details extends object>(
  { initialDetails, onFailure }: Options<Input, Details>,
  work: (input: Input, context: RequestContext) => Promise<Output>,
): (input: Input) => Promise<Output> {
  return async (input) => {
    const context = Context.current();
    const { cancellationSignal: signal, info } = context;
    const details = { ...initialDetails, ...(info.heartbeatDetails as Details | undefined) };
    const timer = setInterval(() => context.heartbeat(details), intervalMs);
    try {
      // one correlation id per run, by which Azure's activity log can be filtered
      const correlationId = info.workflowExecution?.runId ?? randomUUID();
      return await work(input, { signal, correlationId });
    } catch (thrown) {
      if (signal.aborted) return await context.cancelled;
      const ended = onFailure(thrown, details, input);
      context.heartbeat(ended.details);
      throw ended.failure;
    } finally {
      clearInterval(timer);
    }
  };
}
