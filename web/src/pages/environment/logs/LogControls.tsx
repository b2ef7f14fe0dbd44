import { Button } from '../../../components/Button.tsx';
import { CopyButton } from '../../../components/CopyButton.tsx';
import { RelativeTime } from '../../../components/RelativeTime.tsx';
import { containers } from './containers.ts';
import type { LogRange } from './logQuery.ts';
import styles from './LogsTab.module.css';

export interface LogSettings extends LogRange {
  /** reads it again and again, and stays at its end */
  follow: boolean;
  wrap: boolean;
  search: string;
}

interface LogControlsProps {
  settings: LogSettings;
  text: string;
  /** milliseconds; 0: not yet */
  readAt: number;
  isReading: boolean;
  onChange: (change: Partial<LogSettings>) => void;
  onRead: () => void;
}

/** Which end of which log is shown, and how. */
export function LogControls({ settings, text, readAt, isReading, onChange, onRead }: LogControlsProps) {
  const { container, tail, follow, wrap, search } = settings;
  return (
    <div className={styles['controls']} role="group" aria-label="Log">
      <label>
        Container{' '}
        <select
          value={container}
          onChange={({ target }) => onChange({ container: target.value as LogRange['container'] })}
        >
          {containers.map(([id, meaning]) => (
            <option key={id} value={id}>
              {id}: {meaning}
            </option>
          ))}
        </select>
      </label>
      <label>
        Last{' '}
        <select value={tail} onChange={({ target }) => onChange({ tail: Number(target.value) })}>
          {[200, 500, 1000].map((lines) => (
            <option key={lines} value={lines}>
              {lines} lines
            </option>
          ))}
        </select>
      </label>
      <input
        type="search"
        placeholder="Search"
        aria-label="Search in the log"
        value={search}
        onChange={({ target }) => onChange({ search: target.value })}
      />
      <label>
        <input type="checkbox" checked={follow} onChange={({ target }) => onChange({ follow: target.checked })} />{' '}
        Follow (every 5 s)
      </label>
      <label>
        <input type="checkbox" checked={wrap} onChange={({ target }) => onChange({ wrap: target.checked })} /> Wrap
      </label>
      <Button busy={isReading && !follow ? 'Reading…' : undefined} disabled={follow} onClick={onRead}>
        Read again
      </Button>
      <CopyButton text={text} what="log" />
      {readAt > 0 && (
        <span className={styles['note']}>
          read <RelativeTime time={new Date(readAt).toISOString()} />
        </span>
      )}
    </div>
  );
}
