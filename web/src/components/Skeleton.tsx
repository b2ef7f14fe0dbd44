import { useEffect, useState } from 'react';
import { ApiProblem } from '../api/apiProblem.ts';
import { durationText } from './durationText.ts';
import { useNow } from './now.ts';
import styles from './Skeleton.module.css';

/** Rows in place of data that is being read; words after 300 ms. `failure`: why the last attempt failed. */
export function Skeleton({ what, rows = 6, failure }: { what: string; rows?: number; failure?: Error | null }) {
  const [since] = useState(Date.now);
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setSlow(true), 300);
    return () => window.clearTimeout(timer);
  }, []);
  return (
    <div className={styles['skeleton']} aria-busy="true">
      <p role="status" className={styles['words']}>
        {isSlow && <Words what={what} since={since} failure={failure ?? null} />}
      </p>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className={styles['row']} />
      ))}
    </div>
  );
}

function Words({ what, since, failure }: { what: string; since: number; failure: Error | null }) {
  const waited = useNow() - since;
  if (failure instanceof ApiProblem) return `${failure.message} Trying again since ${durationText(waited)}.`;
  return waited < 3_000
    ? `Loading ${what}.`
    : `Moat has not answered for ${durationText(waited)}; waiting for ${what}.`;
}
