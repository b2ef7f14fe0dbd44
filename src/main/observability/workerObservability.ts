import { Runtime } from '@temporalio/worker';
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { Logger } from 'pino';
import moat from '../../../package.json' with { type: 'json' };
import type { ArmObserver } from '../../azure/armObserver.ts';
import type { Config } from '../../config.ts';
import type { WorkflowSinks } from '../../workflows/observations.ts';
import { addContextFields } from './logger.ts';
import { nativeLogging, temporalLogger } from './temporalLogger.ts';
import { workflowReports } from './workflowReports.ts';

/** What makes a worker observable. What is switched off is not loaded. */
export interface WorkerObservability {
  logger: Logger;
  sinks: InjectedSinks<WorkflowSinks>;
  armObservers: readonly ArmObserver[];
  activityInterceptors: ActivityInterceptorsFactory[];
  /** of the worker's own client, which sweeps and repetitions of proofs use */
  clientInterceptors: WorkflowClientInterceptor[];
  shutdown(): Promise<void>;
}

/** Starts metrics and traces where they are configured, and Temporal's runtime with its log and metrics. */
export async function startObservability(
  { metrics: endpoint, tracing: isTraced }: Pick<Config, 'metrics' | 'tracing'>,
  logger: Logger,
): Promise<WorkerObservability> {
  const metrics = endpoint ? await (await import('./metricsServer.ts')).startMetrics(endpoint) : undefined;
  const tracing = isTraced ? await startTraces() : undefined;
  Runtime.install({
    logger: temporalLogger(logger),
    // Signals are handled by shutDownOnSignal, not by Temporal's runtime.
    shutdownSignals: [],
    telemetryOptions: {
      logging: nativeLogging,
      ...(metrics && {
        metrics: {
          prometheus: {
            bindAddress: metrics.sdkAddress,
            useSecondsForDurations: true,
            unitSuffix: true,
            countersTotalSuffix: true,
          },
        },
      }),
    },
  });
  return {
    logger,
    sinks: workflowReports({ metrics: metrics?.runs, exportSpan: tracing?.exportWorkflow }),
    armObservers: [...(metrics ? [metrics.arm] : []), ...(tracing ? [tracing.arm] : [])],
    activityInterceptors: tracing?.activities ?? [],
    clientInterceptors: tracing ? [tracing.client] : [],
    shutdown: async () => void (await Promise.all([metrics?.close(), tracing?.shutdown()])),
  };
}

async function startTraces() {
  const [{ startTracing, traceFields }, { activitySpans, armSpans, clientSpans }] = await Promise.all([
    import('./tracing.ts'),
    import('./workerTracing.ts'),
  ]);
  const { tracer, exportWorkflow, shutdown } = startTracing('worker', moat.version);
  addContextFields(traceFields);
  const client = clientSpans(tracer);
  return { exportWorkflow, shutdown, client, arm: armSpans(tracer), activities: activitySpans(tracer) };
}
