import { defaultPayloadConverter } from '@temporalio/common';
import type { Headers } from '@temporalio/common';

/** The header of Temporal's OpenTelemetry interceptors. */
const header = '_tracer-data';
const traceparent = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The span that something was requested in, as W3C trace context has it. */
export interface TraceParent {
  traceId: string;
  spanId: string;
  /** two hexadecimal digits; the last bit: the trace is recorded */
  flags: string;
}

/** The execution of a workflow, as a span. */
export interface WorkflowSpan extends TraceParent {
  parentSpanId: string;
  /** type of the workflow */
  name: string;
  /** ms since the epoch */
  startedAt: number;
  endedAt: number;
  /** null: it succeeded */
  failure: string | null;
}

/** The trace context in the headers of a request; undefined where it was not traced. */
export function traceParentIn(headers: Headers): TraceParent | undefined {
  const payload = headers[header];
  if (!payload) return undefined;
  const carrier = defaultPayloadConverter.fromPayload<{ traceparent?: string } | null>(payload);
  const [, traceId, spanId, flags] = traceparent.exec(carrier?.traceparent ?? '') ?? [];
  return traceId && spanId && flags ? { traceId, spanId, flags } : undefined;
}

/** The headers with the trace context. */
export const withTraceParent = (headers: Headers, { traceId, spanId, flags }: TraceParent): Headers => ({
  ...headers,
  [header]: defaultPayloadConverter.toPayload({ traceparent: `00-${traceId}-${spanId}-${flags}` }),
});

/** The id of a workflow's span. Derived from its run, so that a replay, and every worker, uses the same one. */
export const spanIdOf = (runId: string): string => runId.replaceAll('-', '').slice(-16);
