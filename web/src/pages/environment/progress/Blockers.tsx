import type { Environment } from '../../../../../src/client/index.ts';
import { Command } from '../../../components/Command.tsx';
import { nameAndType } from '../../../components/resourceName.ts';
import styles from './Blockers.module.css';

/** What prevents the deletion, each with the command that clears it. */
export function Blockers({ environment: { state, receipt } }: { environment: Environment }) {
  if (state !== 'blocked' || receipt === null || !('blockers' in receipt)) return null;
  return (
    <section className={styles['blockers']} aria-labelledby="blockers">
      <h2 id="blockers">The deletion is blocked</h2>
      <ul>
        {receipt.blockers.map(({ resource, reason, command }) => (
          <li key={resource + reason}>
            <p>
              <strong>{nameAndType(resource).name}</strong>: {reason}
            </p>
            <Command text={command} />
          </li>
        ))}
      </ul>
      <p>Clear each blocker with its command, then delete again. Moat also tries again by itself.</p>
    </section>
  );
}
