import { proxySinks } from '@temporalio/workflow';
import type { Sinks } from '@temporalio/workflow';
import type { ProofRow, RunKind, RunRecord } from '../domain/environment.ts';
import type { StepState } from '../domain/progress.ts';
import type { StepId } from '../domain/steps.ts';
import type { SweepSummary } from '../domain/sweep/record.ts';
import type { WorkflowSpan } from './traceContext.ts';

interface EndedRun {
  kind: RunKind;
  outcome: RunRecord['outcome'];
  seconds: number;
}

interface EndedStep {
  id: StepId;
  state: StepState;
  seconds: number;
}

/**
 * What workflows report to their worker, for its metrics and traces. The worker receives each report once: sinks are not called while a
 * history is replayed. Only a workflow task that failed or timed out after a report is executed, and reported, again.
 */
export interface WorkflowSinks extends Sinks {
  moat: {
    runEnded(run: EndedRun): void;
    /** of the run that is the reporting workflow */
    stepEnded(step: EndedStep): void;
    proofMade(verdict: ProofRow['verdict']): void;
    sweepEnded(sweep: Pick<SweepSummary, 'state' | 'dryRun' | 'counts'>): void;
    spanEnded(span: WorkflowSpan): void;
  };
}

/** Reports to the worker. It adds nothing to the history. */
export const { moat: report } = proxySinks<WorkflowSinks>();
