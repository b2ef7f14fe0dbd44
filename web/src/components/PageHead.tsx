import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { useConnection } from '../api/connection.ts';
import { zonedTime } from './durationText.ts';
import styles from './PageHead.module.css';

/** The title of a page, also in the browser's tab, with its actions; without a connection, of when the data is. */
export function PageHead({ title, children }: { title: string; children?: ReactNode }) {
  const connection = useConnection();
  useEffect(() => {
    document.title = `${title} · Moat`;
  }, [title]);
  return (
    <div className={styles['head']}>
      <h1>{title}</h1>
      {connection.status === 'lost' && <span className={styles['stale']}>as of {zonedTime(connection.since)}</span>}
      <div className={styles['actions']}>{children}</div>
    </div>
  );
}
