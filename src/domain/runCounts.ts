import type { RunKind, RunRecord } from './environment.ts';

/** The highest number of each kind of run so far: a run's id is `{kind}-{number}`. */
export function runCounts(runs: readonly Pick<RunRecord, 'id' | 'kind'>[]): Record<RunKind, number> {
  const counts: Record<RunKind, number> = { provision: 0, score: 0, verify: 0, teardown: 0 };
  for (const { id, kind } of runs) counts[kind] = Math.max(counts[kind], Number(id.split('-').at(-1)));
  return counts;
}
