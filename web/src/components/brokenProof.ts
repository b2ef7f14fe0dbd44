import type { ListedProof, Proof, ProofRow } from '../../../src/client/index.ts';

const failedRows = (proof: Proof | ListedProof): ProofRow[] =>
  'failed' in proof ? proof.failed : proof.rows.filter(({ verdict }) => verdict === 'failed');

/** How a proof shows that the isolation is broken, in one sentence; undefined where it does not. */
export function brokenText(proof: Proof | ListedProof | null): string | undefined {
  const [first, ...others] = proof === null ? [] : failedRows(proof);
  if (!first) return undefined;
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  return `isolation is broken: ${first.check}: ${first.observed}${more}`;
}
