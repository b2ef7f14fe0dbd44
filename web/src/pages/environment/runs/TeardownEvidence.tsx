import type { TeardownReceipt } from '../../../../../src/client/index.ts';
import { Command } from '../../../components/Command.tsx';
import { ResourceName } from './ResourceName.tsx';
import styles from './RunsTab.module.css';

type Removal = TeardownReceipt['removed'][number]['proof'];

/** How a removal was proved; a new kind in the API does not compile without its words. */
const proofs: Record<Removal, string> = {
  gone: 'Azure has confirmed the deletion',
  purged: 'deleted, and purged from soft deletion: its name is free',
  assumed: 'deleted permanently as requested; Azure does not show whether a soft-deleted copy remains',
};

/** What a teardown has removed and how that was proved, what remains, and what blocks it. */
export function TeardownEvidence({ receipt: { removed, remaining, blockers } }: { receipt: TeardownReceipt }) {
  return (
    <>
      <Blockers blockers={blockers} />
      {remaining.length > 0 && (
        <section>
          <h3>Remaining: {remaining.length}</h3>
          <ul className={styles['list']}>
            {remaining.map((id) => (
              <li key={id}>
                <ResourceName id={id} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h3>Removed: {removed.length}</h3>
        {byProof(removed).map(([proof, group]) => (
          <details key={proof} open className={styles['removed']}>
            <summary>
              {group.length} {proof}: {proofs[proof]}
            </summary>
            <ul className={styles['list']}>
              {group.map(({ id }) => (
                <li key={id}>
                  <ResourceName id={id} />
                </li>
              ))}
            </ul>
          </details>
        ))}
      </section>
    </>
  );
}

/** The smaller groups first: they are the exceptions. */
const byProof = (removed: TeardownReceipt['removed']) =>
  [...Map.groupBy(removed, ({ proof }) => proof)].toSorted(([, a], [, b]) => a.length - b.length);

function Blockers({ blockers }: Pick<TeardownReceipt, 'blockers'>) {
  if (blockers.length === 0) return null;
  return (
    <section className={styles['blockers']}>
      <h3>Blocked by {blockers.length === 1 ? 'one resource' : `${blockers.length} resources`}</h3>
      <ul className={styles['list']}>
        {blockers.map(({ resource, reason, command }) => (
          <li key={resource + command}>
            <p>
              <ResourceName id={resource} />: {reason}
            </p>
            {command !== '' && <Command text={command} />}
          </li>
        ))}
      </ul>
      <p className={styles['note']}>
        Clear each blocker with its command, then delete again. Moat also tries again by itself.
      </p>
    </section>
  );
}
