import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Environments } from '../temporal/contracts.ts';
import { problems } from './answers.ts';
import type { Route } from './route.ts';

/**
 * Environments by state and by the age of their leases, counted by Temporal when the metrics are read. While Temporal is unavailable they are
 * absent.
 */
function registerEnvironmentMetrics(registry: Registry, environments: Environments): void {
  const states = new Gauge({
    name: 'moat_environments',
    help: 'Live environments, by state',
    labelNames: ['state'] as const,
    registers: [],
    async collect() {
      this.reset();
      const summary = await environments.summary().catch(() => undefined);
      for (const [state, count] of Object.entries(summary?.states ?? {})) this.set({ state }, count);
    },
  });
  const expiredLeases = new Gauge({
    name: 'moat_environments_lease_expired',
    help: 'Live environments, without protected ones, whose lease expired at least so many hours ago',
    labelNames: ['hours'] as const,
    registers: [],
    async collect() {
      this.reset();
      const expired = await environments.expiredLeases().catch(() => []);
      for (const { hours, count } of expired) this.set({ hours }, count);
    },
  });
  registry.registerMetric(states);
  registry.registerMetric(expiredLeases);
}

/** GET /metrics: metrics of this process, its requests and the environments, for Prometheus. */
export const metrics: Route = (app, { environments }) => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  registerEnvironmentMetrics(registry, environments);
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
