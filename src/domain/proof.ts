import type { Proof, ProofChange, ProofRow } from './environment.ts';

/** A row as an activity returns it; a failed one with the command that fixes it. */
export interface FoundRow extends ProofRow {
  remedy?: string;
}

/** A row without the place and time that it shares with others. */
export type Observation = Omit<FoundRow, 'from' | 'at'>;

/** Completes rows that were observed from one place at one time (ISO time). */
export const rowsFrom = (from: ProofRow['from'], at: string, found: readonly Observation[]): FoundRow[] =>
  found.map((row) => ({ ...row, from, at }));

/** What later proofs are compared with. */
export type RowVerdict = Pick<ProofRow, 'check' | 'from' | 'verdict'>;

/** The verdicts of a proof; none where there is no proof. */
export const verdictsOf = (proof: Proof | null): RowVerdict[] =>
  (proof?.rows ?? []).map(({ check, from, verdict }) => ({ check, from, verdict }));

/** The rows that both proofs have, with another verdict. */
function proofChanges(before: readonly RowVerdict[], after: readonly RowVerdict[]): ProofChange[] {
  const keyOf = ({ check, from }: RowVerdict): string => `${from} ${check}`;
  const verdicts = new Map(before.map((row) => [keyOf(row), row.verdict]));
  return after.flatMap((row) => {
    const previous = verdicts.get(keyOf(row));
    if (previous === undefined || previous === row.verdict) return [];
    return [{ check: row.check, from: row.from, before: previous, after: row.verdict }];
  });
}

/** The proof that consists of the rows. `previous`: the verdicts of the environment's previous proof. */
export const proofOf = (rows: readonly FoundRow[], at: string, previous: readonly RowVerdict[] = []): Proof => ({
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
  changes: proofChanges(previous, rows),
});

/** The rows that failed, one line each; empty where none did. */
export const failedRows = (rows: readonly ProofRow[]): string[] =>
  rows.filter(({ verdict }) => verdict === 'failed').map(({ check, observed }) => `${check}: ${observed}`);

/** The verdict of a whole proof: `failed` where a row has failed, `inconclusive` where one has no evidence. */
export function verdictOf({ complete, rows }: Proof): ProofRow['verdict'] {
  if (complete) return 'passed';
  return failedRows(rows).length > 0 ? 'failed' : 'inconclusive';
}

/** What has failed and the commands that fix it; undefined where no row has failed. */
export function brokenIsolation(rows: readonly FoundRow[]): { message: string; remedy: string } | undefined {
  const failed = rows.filter(({ verdict }) => verdict === 'failed');
  if (failed.length === 0) return undefined;
  const remedies = new Set(failed.map(({ remedy = '' }) => remedy).filter(Boolean));
  return {
    message: failedRows(rows).join('\n'),
    remedy: [...remedies, 'then POST /environments/<name>/verify proves the isolation again'].join('\n'),
  };
}

/**
 * How a proof changes what is known about a ready environment. `known`: whether its isolation is known to be broken. A broken isolation is
 * restored by a complete proof only: one without a failed row that is not complete shows neither.
 */
export function isolationChange(proof: Proof, known: { broken: boolean }): 'broken' | 'restored' | 'none' {
  if (!known.broken && failedRows(proof.rows).length > 0) return 'broken';
  return known.broken && proof.complete ? 'restored' : 'none';
}
