import type { Environment, Proof, ProofDocument } from '../../../../../src/client/index.ts';
import { ProofMark } from '../../../components/ProofMark.tsx';
import { verdictCounts, originTitles } from './origins.ts';
import { VerdictMark } from './VerdictMark.tsx';
import styles from './ProofTab.module.css';

interface ProofSummaryProps {
  environment: Environment;
  proof: Proof;
  /** undefined until it has been read */
  document: ProofDocument | undefined;
}

/** Whether the proof is complete, and which checks prevent that. */
export function ProofSummary({ environment, proof, document }: ProofSummaryProps) {
  const { rows, complete } = proof;
  const open = rows.filter(({ verdict }) => verdict !== 'passed');
  const laterFailure = document?.laterFailure;
  return (
    <section aria-labelledby="proof-summary" className={styles['summary']} data-complete={complete}>
      <div className={styles['verdict']}>
        <ProofMark proof={proof} />
        {document?.run && <span className={styles['note']}>by {document.run.id}</span>}
      </div>
      <h2 id="proof-summary">
        {complete ? `Complete: all ${rows.length} checks have passed` : `Not complete: ${verdictCounts(rows)}`}
      </h2>
      {open.length > 0 && (
        <ul className={styles['list']}>
          {open.map(({ check, from, observed, verdict }) => (
            <li key={from + check}>
              <VerdictMark verdict={verdict} /> <strong>{check}</strong> ({originTitles[from].title}): {observed}
            </li>
          ))}
        </ul>
      )}
      {laterFailure && (
        <p>
          {laterFailure.run} failed later ({laterFailure.type}): this proof may describe a state that is over.
        </p>
      )}
      {environment.target === 'emulator' && (
        <p className={styles['note']}>Made on the emulator: it says nothing about Azure.</p>
      )}
    </section>
  );
}
