import type { InjectedSinks } from '@temporalio/worker';
import type { WorkflowSinks } from '../../workflows/observations.ts';
import type { WorkflowSpan } from '../../workflows/traceContext.ts';
import type { RunMetrics } from './runMetrics.ts';

export interface WorkflowReceivers {
  metrics?: RunMetrics | undefined;
  exportSpan?: ((span: WorkflowSpan, workflowId: string) => void) | undefined;
}

/** Receives the reports of workflows, and passes them to metrics and traces. Without receivers, nothing happens. */
export function workflowReports({ metrics, exportSpan }: WorkflowReceivers = {}): InjectedSinks<WorkflowSinks> {
  return {
    moat: {
      runEnded: { fn: (_, run) => metrics?.runEnded(run) },
      stepEnded: { fn: ({ workflowType }, step) => metrics?.stepEnded(workflowType, step) },
      proofMade: { fn: ({ workflowType }, verdict) => metrics?.proofMade(workflowType, verdict) },
      sweepEnded: { fn: (_, sweep) => metrics?.sweepEnded(sweep) },
      spanEnded: { fn: ({ workflowId }, span) => exportSpan?.(span, workflowId) },
    },
  };
}
