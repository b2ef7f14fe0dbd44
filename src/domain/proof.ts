import type { Proof, ProofRow } from './environment.ts';

/** A row as an activity returns it; a failed one with the command that fixes it. */
export interface FoundRow extends ProofRow {
  remedy?: string;
}

/** A row without the place and time that it shares with others. */
export type Observation = Omit<FoundRow, 'from' | 'at'>;

/** Completes rows that were observed from one place at one time (ISO time). */
export const rowsFrom = (from: ProofRow['from'], at: string, found: readonly Observation[]): FoundRow[] =>
  found.map((row) => ({ ...row, from, at }));

/** The proof that consists of the rows. */
export const proofOf = (rows: readonly FoundRow[], at: string): Proof => ({
  at,
  complete: rows.length > 0 && rows.every(({ verdict }) => verdict === 'passed'),
  rows: rows.map(({ check, from, expected, observed, at, verdict }) => ({
    check,
    from,
    expected,
    observed,
    at,
    verdict,
  })),
});

/** What has failed and the commands that fix it; undefined where no row has failed. */
export function brokenIsolation(rows: readonly FoundRow[]): { message: string; remedy: string } | undefined {
  const failed = rows.filter(({ verdict }) => verdict === 'failed');
  if (failed.length === 0) return undefined;
  const remedies = new Set(failed.map(({ remedy = '' }) => remedy).filter(Boolean));
  return {
    message: failed.map(({ check, observed }) => `${check}: ${observed}`).join('\n'),
    remedy: [...remedies, 'then POST /environments/<name>/verify proves the isolation again'].join('\n'),
  };
}
