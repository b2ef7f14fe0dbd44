import type { Score } from '../../../../../src/client/index.ts';
import { CopyButton } from '../../../components/CopyButton.tsx';
import { Duration } from '../../../components/Duration.tsx';
import { RequestProblem, RunFailure } from '../../../components/Problem.tsx';
import { ScoreError } from './scores.ts';
import type { Attempt } from './scores.ts';
import { textOf } from './sampleRequest.ts';
import styles from './ScoreTab.module.css';

/** The answer to a request, or why there is none. */
export function AttemptResult({ attempt }: { attempt: Attempt | undefined }) {
  return (
    <section aria-labelledby="answer" className={styles['answer']}>
      <h2 id="answer">Answer</h2>
      {!attempt && <p className={styles['note']}>No request has been sent in this visit.</p>}
      {attempt?.status === 'pending' && (
        <p>
          Waiting for the endpoint: <Duration from={new Date(attempt.submittedAt).toISOString()} to={null} />
        </p>
      )}
      <div aria-live="polite">{attempt?.answer && <ScoreAnswer answer={attempt.answer} />}</div>
      {attempt?.error && <ScoreProblem error={attempt.error} />}
    </section>
  );
}

function ScoreAnswer({ answer: { status, body, latencyMs } }: { answer: Score }) {
  const text = textOf(body);
  return (
    <>
      <p className={styles['figures']}>
        HTTP {status} · <strong>{Math.round(latencyMs)} ms</strong> in the endpoint{' '}
        <CopyButton text={text} what="answer" />
      </p>
      <pre className={styles['json']} tabIndex={0} aria-label="Answer as JSON">
        {text}
      </pre>
    </>
  );
}

function ScoreProblem({ error }: { error: Error }) {
  if (!(error instanceof ScoreError)) return <RequestProblem what="The request was not scored" error={error} />;
  if (error.failure) return <RunFailure failure={error.failure} />;
  return <RequestProblem what="The request was not scored" error={error.cause as Error} />;
}
