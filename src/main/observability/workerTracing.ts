import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Tracer } from '@opentelemetry/api';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import {
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryWorkflowClientInterceptor,
} from '@temporalio/interceptors-opentelemetry';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { ArmObserver } from '../../azure/armObserver.ts';
import { spanAttributes } from './tracing.ts';

/** A span for each attempt of an activity, below the workflow that scheduled it. */
export const activitySpans = (tracer: Tracer): ActivityInterceptorsFactory[] => [
  (activity) => ({ inbound: new OpenTelemetryActivityInboundInterceptor(activity, { tracer }) }),
  describeSpan,
];

/** Adds environment, run and step to the attempt's span, and the trace to its log lines, also to that of its failure. */
const describeSpan: ActivityInterceptorsFactory = ({ info }) => {
  let traceId: string | undefined;
  return {
    inbound: {
      execute(input, next) {
        const { workflowExecution: execution, activityId, attempt } = info;
        const span = trace.getActiveSpan();
        traceId = span?.spanContext().traceId;
        const attributes = spanAttributes(execution?.workflowId ?? '', execution?.runId, activityId);
        span?.setAttributes({ ...attributes, 'moat.attempt': attempt });
        return next(input);
      },
    },
    outbound: { getLogAttributes: (input, next) => next(traceId ? { ...input, trace_id: traceId } : input) },
  };
};

/** Passes the trace of an activity to the workflows that it starts and signals. */
export const clientSpans = (tracer: Tracer): WorkflowClientInterceptor =>
  new OpenTelemetryWorkflowClientInterceptor({ tracer });

/** A span for each request to ARM. Of its address it has the path only: the query of an operation is signed. */
export const armSpans =
  (tracer: Tracer): ArmObserver =>
  ({ method, path, resourceType, correlationId }) => {
    const attributes = {
      'http.request.method': method,
      'url.path': path,
      ...(correlationId && { 'moat.correlationId': correlationId }),
    };
    const span = tracer.startSpan(`ARM ${method} ${resourceType}`, { kind: SpanKind.CLIENT, attributes });
    return ({ status, retry, requestId }) => {
      if (status !== null) span.setAttribute('http.response.status_code', status);
      if (requestId !== undefined) span.setAttribute('az.service_request_id', requestId);
      span.setAttribute('moat.retry', retry);
      if (status === null || status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    };
  };
