import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { problems } from './answers.ts';
import type { Route } from './route.ts';

/** GET /metrics: metrics of this process and its requests, for Prometheus. */
export const metrics: Route = (app) => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'moat_http_request_duration_seconds',
    help: 'Time from request to the end of the answer; for an event stream, how long it was open',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    // The route, not the path: clients choose paths, and each would become a time series.
    const route = request.routeOptions.url ?? 'unknown';
    duration.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });
  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'metrics',
        summary: 'Metrics for Prometheus',
        tags: ['service'],
        response: {
          200: { description: 'Prometheus text format.', content: { 'text/plain': { schema: { type: 'string' } } } },
          ...problems(),
        },
      },
    },
    async (_, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  );
};
