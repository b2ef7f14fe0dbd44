import { useConnection } from '../api/connection.ts';
import { exactTime } from '../components/durationText.ts';
import styles from './ConnectionBar.module.css';

/** Since when events are missing; nothing while they arrive. */
export function ConnectionBar() {
  const connection = useConnection();
  return (
    <div role="status">
      {connection.status === 'lost' && (
        <p className={styles['bar']}>
          Lost connection since {new Date(connection.since).toLocaleTimeString()}; trying again. The data is as of then.
          <span className="visually-hidden">{exactTime(new Date(connection.since).toISOString())}</span>
        </p>
      )}
    </div>
  );
}
