import type { ClientInterceptors } from '@temporalio/client';
import type { FastifyPluginCallback } from 'fastify';
import moat from '../../../package.json' with { type: 'json' };
import type { Config } from '../../config.ts';
import { addContextFields } from './logger.ts';

/** What makes the API observable beside its metrics. Without a collector nothing is traced, and no module of OpenTelemetry is loaded. */
export interface ApiObservability {
  /** of the Temporal client */
  interceptors: ClientInterceptors;
  requestSpans: FastifyPluginCallback | undefined;
  shutdown(): Promise<void>;
}

export async function startObservability({ tracing: isTraced }: Pick<Config, 'tracing'>): Promise<ApiObservability> {
  if (!isTraced) return { interceptors: {}, requestSpans: undefined, shutdown: async () => undefined };
  const [{ startTracing, traceFields }, { clientSpans, requestSpans }] = await Promise.all([
    import('./tracing.ts'),
    import('./apiTracing.ts'),
  ]);
  const tracing = startTracing('api', moat.version);
  addContextFields(traceFields);
  return {
    interceptors: { workflow: [clientSpans(tracing)] },
    requestSpans: requestSpans(),
    shutdown: tracing.shutdown,
  };
}
