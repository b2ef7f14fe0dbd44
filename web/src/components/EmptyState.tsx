import type { ReactNode } from 'react';
import { Command } from './Command.tsx';
import styles from './EmptyState.module.css';

/** Where there is nothing yet: what this is, one button, and the command that does the same. */
export function EmptyState({
  title,
  children,
  action,
  command,
}: {
  title: string;
  children: ReactNode;
  action?: ReactNode;
  command?: string;
}) {
  return (
    <section className={styles['empty']}>
      <h2>{title}</h2>
      <p>{children}</p>
      {action}
      {command !== undefined && <Command text={command} />}
    </section>
  );
}
