import type { Blocker, Environment, Proof, ProofRow, ShownStep } from './environment.ts';

/** A proof in a list: how many rows have each verdict, and those that failed. */
export interface ListedProof extends Pick<Proof, 'at' | 'complete'> {
  counts: Record<ProofRow['verdict'], number>;
  failed: ProofRow[];
}

/** An environment in a list: without what only its own page shows, so that a page of a list is small. */
export interface ListedEnvironment extends Omit<Environment, 'steps' | 'proof' | 'receipt'> {
  steps: Omit<ShownStep, 'resources'>[];
  proof: ListedProof | null;
  /** what prevents its last teardown from finishing */
  blockers: Blocker[];
}

/** The environment as an item of a list. */
export function listedOf({ steps, proof, receipt, ...environment }: Environment): ListedEnvironment {
  return {
    ...environment,
    steps: steps.map(({ resources: _resources, ...step }) => step),
    proof: proof && listedProofOf(proof),
    blockers: receipt !== null && 'blockers' in receipt ? receipt.blockers : [],
  };
}

function listedProofOf({ at, complete, rows }: Proof): ListedProof {
  const counts = { passed: 0, failed: 0, inconclusive: 0 };
  for (const { verdict } of rows) counts[verdict] += 1;
  return { at, complete, counts, failed: rows.filter(({ verdict }) => verdict === 'failed') };
}
