import type { Sweep } from '../../../../src/client/index.ts';
import { SweepEntries } from './SweepEntries.tsx';
import { activeCount, countText, deletedLists, keptLists, listTexts, repairedLists } from './sweepText.ts';
import styles from './Sweeps.module.css';

type List = keyof Sweep['lists'];

/** What a sweep did, or would do: what is deleted, what is repaired, and what is kept, each with its reason. */
export function SweepLists({ sweep }: { sweep: Sweep }) {
  const { dryRun, state } = sweep;
  const active = activeCount(sweep);
  const nothing = dryRun ? 'Nothing would be deleted.' : 'Nothing was deleted.';
  const isEmpty = (list: List): boolean => sweep.counts[list] === 0;
  if (state === 'off' || state === 'failed')
    return deletedLists.every(isEmpty) ? null : <Lists sweep={sweep} lists={deletedLists} />;
  return (
    <>
      <section className={styles['outcome']}>
        <h2>{dryRun ? 'Would be deleted' : state === 'stopped' ? 'Waiting for an approval' : 'Deleted'}</h2>
        {deletedLists.every(isEmpty) ? <p>{nothing}</p> : <Lists sweep={sweep} lists={deletedLists} />}
      </section>
      {!repairedLists.every(isEmpty) && (
        <section className={styles['outcome']}>
          <h2>{dryRun ? 'Would be repaired' : 'Repaired'}</h2>
          <Lists sweep={sweep} lists={repairedLists} />
        </section>
      )}
      <section className={styles['outcome']}>
        <h2>{dryRun ? 'Would be kept' : 'Kept'}</h2>
        {active !== undefined && (
          <p>
            {active === 0 ? 'No environment has' : active === 1 ? '1 environment has' : `${countText(active)} have`} a
            lease that has not expired.
          </p>
        )}
        <Lists sweep={sweep} lists={keptLists} />
      </section>
    </>
  );
}

function Lists({ sweep, lists }: { sweep: Sweep; lists: readonly List[] }) {
  return lists
    .filter((list) => sweep.counts[list] > 0)
    .map((list) => {
      const { title, dryTitle, about } = listTexts[list];
      const entries = sweep.lists[list];
      const count = sweep.counts[list];
      return (
        <section key={list} className={styles['list']} aria-labelledby={`list-${list}`}>
          <h3 id={`list-${list}`}>
            {sweep.dryRun ? dryTitle : title} ({count.toLocaleString()})
          </h3>
          <p className={styles['about']}>{about}</p>
          <SweepEntries
            entries={entries}
            labelledBy={`list-${list}`}
            isOwn={list !== 'foreign' && list !== 'altered'}
          />
          {entries.length < count && (
            <p>
              The first {entries.length.toLocaleString()} of {count.toLocaleString()} are shown.
            </p>
          )}
        </section>
      );
    });
}
