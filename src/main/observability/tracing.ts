import { SpanKind, SpanStatusCode, TraceFlags, context, trace } from '@opentelemetry/api';
import type { Attributes, HrTime, Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { Resource } from '@opentelemetry/resources';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { WorkflowSpan } from '../../workflows/traceContext.ts';
import { contextOf } from './logContext.ts';

export interface Tracing {
  tracer: Tracer;
  /** exports the span of a workflow that has ended */
  exportWorkflow(span: WorkflowSpan, workflowId: string): void;
  /** sends what is waiting, and ends */
  shutdown(): Promise<void>;
}

/**
 * Sends the spans of this process to the collector at OTEL_EXPORTER_OTLP_ENDPOINT; the exporter reads that and the other OTEL_EXPORTER_OTLP_
 * variables. Imported only where it is set.
 */
export function startTracing(name: string, version: string): Tracing {
  const resource = new Resource({ 'service.name': `moat-${name}`, 'service.version': version });
  const processor = new BatchSpanProcessor(new OTLPTraceExporter());
  const provider = new NodeTracerProvider({ resource, spanProcessors: [processor] });
  provider.register();
  return {
    tracer: provider.getTracer('moat'),
    exportWorkflow: (span, workflowId) => exportWorkflow(processor, resource, span, workflowId),
    shutdown: () => provider.shutdown(),
  };
}

/** The trace id of what is being done, for log lines. */
export function traceFields(): { traceId?: string } {
  const spanContext = trace.getSpanContext(context.active());
  return spanContext ? { traceId: spanContext.traceId } : {};
}

/** Attributes that name an environment, a run and a step, as in log lines. */
export const spanAttributes = (workflowId: string, runId?: string, activityId?: string): Attributes =>
  Object.fromEntries(
    Object.entries(contextOf(workflowId, runId, activityId)).map(([field, value]) => [
      `moat.${field}`,
      value as string,
    ]),
  );

const hrTime = (ms: number): HrTime => [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];

/** Its ids are given: they were in the headers of what the workflow started, long before it ended, perhaps on another worker. */
function exportWorkflow(processor: SpanProcessor, resource: Resource, span: WorkflowSpan, workflowId: string): void {
  const { traceId, spanId, parentSpanId, flags, name, startedAt, endedAt, failure } = span;
  const spanContext = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED };
  const ok = { code: SpanStatusCode.OK };
  processor.onEnd({
    name: `workflow ${name}`,
    kind: SpanKind.INTERNAL,
    spanContext: () => spanContext,
    parentSpanId,
    startTime: hrTime(startedAt),
    endTime: hrTime(endedAt),
    duration: hrTime(endedAt - startedAt),
    ended: true,
    status: failure === null ? ok : { code: SpanStatusCode.ERROR, message: failure },
    attributes: spanAttributes(workflowId),
    links: [],
    events: [],
    resource,
    instrumentationLibrary: { name: 'moat' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  });
}
