import { randomUUID } from 'node:crypto';
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

type AttemptContext = Required<RequestContext>;

/** How one call of `work` ended. */
type Polled<Output, Details> = { output: Output } | { failure: ApplicationFailure; details: Details };

/**
 * Wraps every activity: sends heartbeats while it runs, passes its cancellation to `work`, and throws only ApplicationFailure or the
 * cancellation. An attempt ends its own requests before its start-to-close timeout, and once its heartbeats are lost: Temporal starts the
 * next attempt then, without stopping the code of this one.
 */
export function withHeartbeat<Input, Output, Details extends object>(
  { initialDetails, onFailure, shortWaits }: Options<Input, Details>,
  work: (input: Input, context: RequestContext, details: Details) => Promise<Output>,
): (input: Input) => Promise<Output> {
  async function poll(input: Input, requests: AttemptContext, details: Details): Promise<Polled<Output, Details>> {
    try {
      return { output: await work(input, requests, details) };
    } catch (thrown) {
      return onFailure(requests.deadline.aborted ? attemptTimedOut() : thrown, details, input, requests);
    }
  }

  return async (input) => {
    const context = Context.current();
    const { cancellationSignal: cancelled, info } = context;
    let details: Details & Waiting = { ...initialDetails, ...(info.heartbeatDetails as Details | undefined) };
    const timer = setInterval(() => context.heartbeat(details), intervalMs);
    const { requests, close } = createRequestContext(context);
    const waits = createShortWaits(shortWaits, cancelled);
    try {
      for (;;) {
        const polled = await poll(input, requests, details);
        if ('output' in polled) return polled.output;
        if (cancelled.aborted) return await context.cancelled;
        const { failure } = polled;
        const waitMs = waits.of(failure);
        details = { ...polled.details, waiting: waitMs === undefined ? undefined : failure.message };
        context.heartbeat(details);
        if (waitMs === undefined) throw failure;
        await waits.wait(waitMs).catch(() => endWait(context, failure));
      }
    } finally {
      clearInterval(timer);
      close();
    }
  };
}

/** The waits of one attempt between its own polls. */
function createShortWaits(shortWaits: ShortWaits | undefined, cancelled: AbortSignal) {
  const { limitMs = 0, stopping, slots } = shortWaits ?? {};
  const endsAt = Date.now() + longestAttemptMs;
  const signals = stopping ? [cancelled, stopping] : [cancelled];
  return {
    /** Milliseconds until the attempt polls again; undefined: the next attempt does. */
    of({ type, nextRetryDelay }: ApplicationFailure): number | undefined {
      const waitMs = Number(nextRetryDelay ?? Infinity);
      return type === 'InProgress' && waitMs <= limitMs && Date.now() + waitMs < endsAt ? waitMs : undefined;
    },
    /** Rejects where the activity is cancelled, or the worker stops. */
    wait: async (waitMs: number): Promise<void> => slots?.lendDuring(() => waitUnlessAborted(waitMs, signals)),
  };
}

/** Ends an attempt whose wait was interrupted: cancelled, or with the failure after which another worker continues. */
function endWait({ cancelled, cancellationSignal }: Context, failure: ApplicationFailure): Promise<never> {
  if (cancellationSignal.aborted) return cancelled;
  throw failure;
}

/** Rejects once one of the signals is aborted. `AbortSignal.any`, which the timers of Node.js would need, keeps 2 KB for each wait. */
async function waitUnlessAborted(waitMs: number, signals: AbortSignal[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, waitMs);
  for (const signal of signals) {
    if (signal.aborted) reject();
    signal.addEventListener('abort', reject, { once: true });
  }
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    for (const signal of signals) signal.removeEventListener('abort', reject);
  }
}

/**
 * The context of an attempt's requests. Its deadline is shortly before the attempt's start-to-close timeout, and when Temporal has given the
 * attempt up. Thousands of attempts wait: `AbortSignal.any` and `AbortSignal.timeout` would keep 4 KB more for each.
 */
function createRequestContext(context: Context) {
  const { cancellationSignal: cancelled, info } = context;
  const ended = new AbortController();
  const deadline = new AbortController();
  const giveUp = (): void => {
    deadline.abort();
    ended.abort();
  };
  const onCancelled = (): void => {
    const { timedOut, notFound, reset } = context.cancellationDetails ?? {};
    if (timedOut || notFound || reset) giveUp();
    ended.abort();
  };
  const timer = setTimeout(giveUp, deadlineShare * info.startToCloseTimeoutMs);
  cancelled.addEventListener('abort', onCancelled, { once: true });
  if (cancelled.aborted) onCancelled();
  // one correlation id per run, by which Azure's activity log can be filtered
  const correlationId = info.workflowExecution?.runId ?? randomUUID();
  return {
    requests: { signal: ended.signal, deadline: deadline.signal, correlationId },
    close: () => clearTimeout(timer),
  };
}

/** Its request may still be executed: the next attempt reads before it writes. */
const attemptTimedOut = (): Error =>
  Object.assign(new Error('no answer before the deadline of the attempt'), { code: 'ETIMEDOUT' });
