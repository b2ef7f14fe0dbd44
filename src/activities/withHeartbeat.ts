import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { ApplicationFailure } from '@temporalio/common';
import type { RequestContext } from '../azure/requestContext.ts';

const intervalMs = 3_000;

interface Options<Input, Details> {
  /** what is kept from one attempt to the next, at the first */
  initialDetails: Details;
  /** the failure to leave with, and what the next attempt is to know */
  onFailure(thrown: unknown, details: Details, input: Input): { failure: ApplicationFailure; details: Details };
}

/**
 * The one wrapper around every activity: heartbeats while it runs, hands its cancellation on, and lets nothing out but
 * ApplicationFailure or the cancellation.
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
      // one id for a whole run, so that Azure's activity log shows it as one
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
