import { FastifyOtelInstrumentation } from '@fastify/otel';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { OpenTelemetryWorkflowClientInterceptor } from '@temporalio/interceptors-opentelemetry';
import type { FastifyPluginCallback } from 'fastify';
import type { Tracing } from './tracing.ts';

/** Requests without a span: those of probes and of Prometheus, and streams, which last for hours. */
const withoutSpan = /^\/(healthz|readyz|metrics|events|environments\/[^/?]+\/events|console\/[^?]*)(\?|$)/;

/** A span for each request to the API. */
export function requestSpans(): FastifyPluginCallback {
  const instrumentation = new FastifyOtelInstrumentation({
    instrumentHooks: false,
    instrumentHandler: false,
    recordExceptions: false,
    ignorePaths: ({ url }) => withoutSpan.test(url),
    // the default has the query
    requestHook: (span, request) => {
      span.setAttribute('url.path', request.url.split('?')[0]!);
      span.updateName(`${request.method} ${request.routeOptions.url ?? 'unknown'}`);
      const { name } = request.params as { name?: string };
      if (name !== undefined) span.setAttribute('moat.environment', name);
    },
  });
  return instrumentation.plugin();
}

/** Passes the trace of a request to the workflows that it starts, signals and updates. */
export const clientSpans = ({ tracer }: Tracing): WorkflowClientInterceptor =>
  new OpenTelemetryWorkflowClientInterceptor({ tracer });
