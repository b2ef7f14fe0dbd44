import { useConnection } from '../api/connection.ts';
import { durationText, zonedTime } from '../components/durationText.ts';
import { useNow } from '../components/now.ts';
import styles from './ConnectionBar.module.css';

/** Since when events are missing; nothing while they arrive. */
export function ConnectionBar() {
  const connection = useConnection();
  return (
    <div role="status">
      {connection.status === 'lost' && (
        <p className={styles['bar']}>
          Lost connection since {zonedTime(connection.since)}
          <Elapsed since={connection.since} />; trying again. The data is as of then.
        </p>
      )}
    </div>
  );
}

/** Hidden from screen readers, which would read the bar each second. */
const Elapsed = ({ since }: { since: number }) => (
  <span aria-hidden="true">{`, for ${durationText(useNow() - since)}`}</span>
);
