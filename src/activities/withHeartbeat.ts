import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { ApplicationFailure } from '@temporalio/common';
import type { RequestContext } from '../azure/requestContext.ts';

const intervalMs = 3_000;
/** Share of the start-to-close timeout after which an attempt ends by itself: the rest is for reporting it. */
const deadlineShare = 0.9;

interface Options<Input, Details> {
  /** heartbeat details of the first attempt; each attempt passes its own to the next */
  initialDetails: Details;
  /** the failure to throw, and the heartbeat details for the next attempt */
  onFailure(
    thrown: unknown,
    details: Details,
    input: Input,
    requests: RequestContext,
  ): { failure: ApplicationFailure; details: Details };
}

/**
 * Wraps every activity: sends heartbeats while it runs, passes its cancellation to `work`, and throws only ApplicationFailure or the
 * cancellation. An attempt ends its own requests before its start-to-close timeout, and once its heartbeats are lost: Temporal starts the
 * next attempt then, without stopping the code of this one.
 */
export function withHeartbeat<Input, Output, Details extends object>(
  { initialDetails, onFailure }: Options<Input, Details>,
  work: (input: Input, context: RequestContext, details: Details) => Promise<Output>,
): (input: Input) => Promise<Output> {
  return async (input) => {
    const context = Context.current();
    const { cancellationSignal: signal, info } = context;
    const details = { ...initialDetails, ...(info.heartbeatDetails as Details | undefined) };
    const timer = setInterval(() => context.heartbeat(details), intervalMs);
    const deadline = deadlineOf(context);
    // one correlation id per run, by which Azure's activity log can be filtered
    const correlationId = info.workflowExecution?.runId ?? randomUUID();
    const requests = { signal: AbortSignal.any([signal, deadline]), deadline, correlationId };
    try {
      return await work(input, requests, details);
    } catch (thrown) {
      if (signal.aborted) return await context.cancelled;
      const ended = onFailure(deadline.aborted ? attemptTimedOut() : thrown, details, input, requests);
      context.heartbeat(ended.details);
      throw ended.failure;
    } finally {
      clearInterval(timer);
    }
  };
}

/** Aborted shortly before the attempt's start-to-close timeout, and when Temporal has given the attempt up. */
function deadlineOf(context: Context): AbortSignal {
  const { cancellationSignal, info } = context;
  const givenUp = new AbortController();
  const onCancelled = () => {
    const { timedOut, notFound, reset } = context.cancellationDetails ?? {};
    if (timedOut || notFound || reset) givenUp.abort();
  };
  cancellationSignal.addEventListener('abort', onCancelled, { once: true });
  return AbortSignal.any([givenUp.signal, AbortSignal.timeout(deadlineShare * info.startToCloseTimeoutMs)]);
}

/** Its request may still be executed: the next attempt reads before it writes. */
const attemptTimedOut = (): Error =>
  Object.assign(new Error('no answer before the deadline of the attempt'), { code: 'ETIMEDOUT' });
