import type { Proof } from '../../../../../src/client/index.ts';
import { ProofMark } from '../../../components/ProofMark.tsx';
import { verdictCounts } from '../proof/origins.ts';

/** The proof of a run in one line. */
export function ProofLine({ proof }: { proof: Proof }) {
  return (
    <section>
      <h3>Proof</h3>
      <p>
        <ProofMark proof={proof} /> · {verdictCounts(proof.rows)}
      </p>
    </section>
  );
}
