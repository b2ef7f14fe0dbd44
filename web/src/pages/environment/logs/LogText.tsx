import { useEffect, useRef } from 'react';
import { matchesIn } from './matches.ts';
import styles from './LogsTab.module.css';

interface LogTextProps {
  text: string;
  search: string;
  wrap: boolean;
  follow: boolean;
}

/** The lines of a log, or those that have the searched text. */
export function LogText({ text, search, wrap, follow }: LogTextProps) {
  const box = useRef<HTMLPreElement>(null);
  useEffect(() => {
    if (follow) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [follow, text]);
  const lines = text.replace(/\n$/, '').split('\n');
  const shown = lines.flatMap((line, i) => {
    const parts = matchesIn(line, search);
    return search === '' || parts.length > 1 ? [{ number: i + 1, parts }] : [];
  });
  return (
    <>
      <p role="status" className={styles['note']}>
        {search === ''
          ? `${lines.length} lines, oldest first`
          : `${shown.length} of ${lines.length} lines have “${search}”`}
      </p>
      <pre
        ref={box}
        className={styles['log']}
        data-wrap={wrap || undefined}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label="Container log"
      >
        {shown.map(({ number, parts }) => (
          <div key={number}>
            {parts.map((part, i) => (i % 2 === 1 ? <mark key={i}>{part}</mark> : part))}
            {'\n'}
          </div>
        ))}
      </pre>
    </>
  );
}
