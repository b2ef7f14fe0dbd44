import type { ProofChange } from '../../../../../src/client/index.ts';
import { originTitles } from './origins.ts';
import { VerdictMark } from './VerdictMark.tsx';
import styles from './ProofTab.module.css';

/** The rows whose verdict is another one than in the previous proof. */
export function ProofChanges({ changes }: { changes: readonly ProofChange[] }) {
  return (
    <section aria-labelledby="proof-changes">
      <h2 id="proof-changes">Changes since the previous proof</h2>
      {changes.length === 0 ? (
        <p className={styles['note']}>None.</p>
      ) : (
        <ul className={styles['list']}>
          {changes.map(({ check, from, before, after }) => (
            <li key={from + check}>
              <VerdictMark verdict={before} /> <span aria-hidden="true">→</span>
              <span className="visually-hidden">became</span> <VerdictMark verdict={after} /> <strong>{check}</strong> (
              {originTitles[from].title})
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
