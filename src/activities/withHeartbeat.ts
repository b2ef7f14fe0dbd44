import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { ApplicationFailure } from '@temporalio/common';
import type { RequestContext } from '../azure/requestContext.ts';
import type { ShortWaits } from './deps.ts';

const intervalMs = 3_000;
/** An attempt that waits between polls ends after this time: its slot is for those that have waited longer. */
const longestAttemptMs = 30_000;
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
  shortWaits?: ShortWaits | undefined;
}

/** Details of an attempt that waits for its next poll, beside those of the activity. */
interface Waiting {
  /** what it waits for: the message that its failure would have */
  waiting?: string | undefined;
}

/**
 * Wraps every activity: sends heartbeats while it runs, passes its cancellation to `work`, and throws only ApplicationFailure or the
 * cancellation. An attempt ends its own requests before its start-to-close timeout, and once its heartbeats are lost: Temporal starts the
 * next attempt then, without stopping the code of this one.
 */
export function withHeartbeat<Input, Output, Details extends object>(
  { initialDetails, onFailure, shortWaits }: Options<Input, Details>,
  work: (input: Input, context: RequestContext, details: Details) => Promise<Output>,
): (input: Input) => Promise<Output> {
  return async (input) => {
    const context = Context.current();
    const { cancellationSignal: signal, info } = context;
    let details: Details & Waiting = { ...initialDetails, ...(info.heartbeatDetails as Details | undefined) };
    const timer = setInterval(() => context.heartbeat(details), intervalMs);
    const deadline = deadlineOf(context);
    // one correlation id per run, by which Azure's activity log can be filtered
    const correlationId = info.workflowExecution?.runId ?? randomUUID();
    const requests = { signal: AbortSignal.any([signal, deadline]), deadline, correlationId };
    const waits = createShortWaits(shortWaits, signal);
    try {
      for (;;) {
        try {
          return await work(input, requests, details);
        } catch (thrown) {
          if (signal.aborted) return await context.cancelled;
          const { failure, details: next } = onFailure(
            deadline.aborted ? attemptTimedOut() : thrown,
            details,
            input,
            requests,
          );
          const waitMs = waits.of(failure);
          details = { ...next, waiting: waitMs === undefined ? undefined : failure.message };
          context.heartbeat(details);
          if (waitMs === undefined) throw failure;
          await waits.wait(waitMs).catch(() => endWait(context, failure));
        }
      }
    } finally {
      clearInterval(timer);
    }
  };
}

/** The waits of one attempt between its own polls. */
function createShortWaits(shortWaits: ShortWaits | undefined, cancelled: AbortSignal) {
  const { limitMs = 0, stopping, slots } = shortWaits ?? {};
  const endsAt = Date.now() + longestAttemptMs;
  const signal = stopping ? AbortSignal.any([cancelled, stopping]) : cancelled;
  return {
    /** Milliseconds until the attempt polls again; undefined: the next attempt does. */
    of({ type, nextRetryDelay }: ApplicationFailure): number | undefined {
      const waitMs = Number(nextRetryDelay ?? Infinity);
      return type === 'InProgress' && waitMs <= limitMs && Date.now() + waitMs < endsAt ? waitMs : undefined;
    },
    /** Rejects where the activity is cancelled, or the worker stops. */
    wait: async (waitMs: number): Promise<void> => slots?.lendDuring(() => wait(waitMs, undefined, { signal })),
  };
}

/** Ends an attempt whose wait was interrupted: cancelled, or with the failure after which another worker continues. */
function endWait({ cancelled, cancellationSignal }: Context, failure: ApplicationFailure): Promise<never> {
  if (cancellationSignal.aborted) return cancelled;
  throw failure;
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
