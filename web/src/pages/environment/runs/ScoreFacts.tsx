import type { SampleScore, Score } from '../../../../../src/client/index.ts';
import styles from './RunsTab.module.css';

/** The endpoint's answer; that to a sample with its size and digest. */
export function ScoreFacts({ score }: { score: Score | SampleScore }) {
  const { status, body, latencyMs } = score;
  return (
    <section>
      <h3>Score</h3>
      <dl className={styles['facts']}>
        <dt>Answer</dt>
        <dd>
          HTTP {status}, {Math.round(latencyMs)} ms in the endpoint
        </dd>
        <dt>Body</dt>
        <dd>
          <code className={styles['excerpt']}>{'excerpt' in score ? score.excerpt : JSON.stringify(body)}</code>
        </dd>
        {'sha256' in score && (
          <>
            <dt>Size and SHA-256</dt>
            <dd>
              {score.bytes} bytes, <code>{score.sha256}</code>
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}
