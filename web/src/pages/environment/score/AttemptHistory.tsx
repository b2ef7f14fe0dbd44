import { RelativeTime } from '../../../components/RelativeTime.tsx';
import type { Attempt } from './scores.ts';
import styles from './ScoreTab.module.css';

interface AttemptHistoryProps {
  attempts: readonly Attempt[];
  shown: Attempt | undefined;
  onShow: (attempt: Attempt) => void;
}

/** The requests of this visit, newest first. Each can be shown, with its request in the editor. */
export function AttemptHistory({ attempts, shown, onShow }: AttemptHistoryProps) {
  if (attempts.length === 0) return null;
  return (
    <section aria-labelledby="history" className={styles['history']}>
      <h2 id="history">This visit</h2>
      <ol>
        {attempts.map((attempt) => (
          <li key={attempt.submittedAt}>
            <button
              type="button"
              aria-pressed={attempt.submittedAt === shown?.submittedAt}
              onClick={() => onShow(attempt)}
            >
              <span className={styles['outcome']}>{outcomeOf(attempt)}</span>
              <code className={styles['cut']}>{attempt.request.replaceAll(/\s+/g, ' ')}</code>
              <RelativeTime time={new Date(attempt.submittedAt).toISOString()} />
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

function outcomeOf({ answer, status }: Attempt): string {
  if (answer) return `HTTP ${answer.status} · ${Math.round(answer.latencyMs)} ms`;
  return status === 'pending' ? 'waiting' : 'not scored';
}
