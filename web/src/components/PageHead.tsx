import { useEffect } from 'react';
import type { ReactNode } from 'react';
import styles from './PageHead.module.css';

/** The title of a page, also in the browser's tab, with its actions. */
export function PageHead({ title, children }: { title: string; children?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Moat`;
  }, [title]);
  return (
    <div className={styles['head']}>
      <h1>{title}</h1>
      <div className={styles['actions']}>{children}</div>
    </div>
  );
}
