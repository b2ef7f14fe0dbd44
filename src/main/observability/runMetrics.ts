import { Counter, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { runKinds } from '../../domain/run.ts';
import { sweepLists, sweepStates } from '../../domain/sweep/record.ts';
import type { WorkflowSinks } from '../../workflows/observations.ts';

const runOutcomes = ['succeeded', 'failed', 'cancelled'] as const;
const verdicts = ['passed', 'failed', 'inconclusive'] as const;
const seconds = [1, 5, 15, 30, 60, 120, 300, 600, 1200, 1800, 2700, 3600, 7200];

/** Reports of workflows that are counted, and the type of the workflow that they come from. */
export interface RunMetrics {
  runEnded: WorkflowSinks['moat']['runEnded'];
  stepEnded(kind: string, ...step: Parameters<WorkflowSinks['moat']['stepEnded']>): void;
  proofMade(kind: string, ...verdict: Parameters<WorkflowSinks['moat']['proofMade']>): void;
  sweepEnded: WorkflowSinks['moat']['sweepEnded'];
}

/**
 * Metrics of runs, steps, proofs and sweeps. Values that an alert watches exist from the start, with 0: Prometheus sees no increase in the
 * first value of a series.
 */
export function createRunMetrics(registry: Registry): RunMetrics {
  const registers = [registry];
  const runs = new Histogram({
    name: 'moat_run_duration_seconds',
    help: 'Duration of runs that have ended, by kind and outcome; the count is the number of runs',
    labelNames: ['kind', 'outcome'] as const,
    buckets: seconds,
    registers,
  });
  const steps = new Histogram({
    name: 'moat_step_duration_seconds',
    help: 'Duration of steps that have ended, by kind of run, step and outcome',
    labelNames: ['kind', 'step', 'outcome'] as const,
    buckets: seconds,
    registers,
  });
  const proofs = new Counter({
    name: 'moat_proofs_total',
    help: 'Proofs of isolation, by the kind of run that made them and by verdict',
    labelNames: ['kind', 'verdict'] as const,
    registers,
  });
  const sweeps = new Counter({
    name: 'moat_sweeps_total',
    help: 'Sweeps that have ended, by state',
    labelNames: ['state', 'dry_run'] as const,
    registers,
  });
  const entries = new Counter({
    name: 'moat_sweep_entries_total',
    help: 'Entries in the lists of sweeps that were no dry runs, by list',
    labelNames: ['list'] as const,
    registers,
  });
  for (const kind of runKinds) for (const outcome of runOutcomes) runs.zero({ kind, outcome });
  for (const kind of ['provision', 'verify']) for (const verdict of verdicts) proofs.inc({ kind, verdict }, 0);
  for (const state of sweepStates) if (state !== 'running') sweeps.inc({ state, dry_run: 'false' }, 0);
  for (const list of sweepLists) entries.inc({ list }, 0);
  return {
    runEnded: ({ kind, outcome, seconds: duration }) => runs.observe({ kind, outcome }, duration),
    stepEnded: (kind, { id, state, seconds: duration }) => steps.observe({ kind, step: id, outcome: state }, duration),
    proofMade: (kind, verdict) => proofs.inc({ kind, verdict }),
    sweepEnded({ state, dryRun, counts }) {
      sweeps.inc({ state, dry_run: String(dryRun) });
      if (!dryRun) for (const list of sweepLists) entries.inc({ list }, counts[list]);
    },
  };
}
