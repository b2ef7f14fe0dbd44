import type { PolicyChange } from '../../../../../src/client/index.ts';
import { ResourceName } from './ResourceName.tsx';
import styles from './RunsTab.module.css';

/** What policies of the subscription had made stricter. */
export function PolicyChanges({ changes }: { changes: readonly PolicyChange[] }) {
  if (changes.length === 0) return null;
  return (
    <section>
      <h3>Made stricter by policies</h3>
      <ul className={styles['list']}>
        {changes.map(({ resource, property, requested, actual }) => (
          <li key={resource + property}>
            <code>{property}</code>: <code>{JSON.stringify(requested)}</code> was requested,{' '}
            <code>{JSON.stringify(actual)}</code> is in effect on <ResourceName id={resource} />
          </li>
        ))}
      </ul>
    </section>
  );
}
