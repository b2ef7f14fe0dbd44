import type { Plan, PlannedAction } from '../../../../src/client/index.ts';
import styles from './Plan.module.css';

type Difference = NonNullable<PlannedAction['differences']>[number];

/** What an adoption changes in resources that exist, and what else is in the group. */
export function PlannedAdoption({ plan: { adoption, resources } }: { plan: Plan }) {
  if (!adoption) return null;
  const changed = resources.filter(({ differences = [] }) => differences.length > 0);
  const { others, moreOthers } = adoption;
  return (
    <section className={styles['section']}>
      <h3>Changes of the adoption</h3>
      {changed.length === 0 && <p className={styles['quiet']}>No existing resource is changed.</p>}
      <ul className={styles['findings']}>
        {changed.map(({ id, title, name, differences = [] }) => (
          <li key={id}>
            {title} <code>{name}</code>
            <ul>
              {differences.map((difference) => (
                <DifferenceItem key={difference.member} difference={difference} />
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {others.length > 0 && <h3>Other resources of the group</h3>}
      <ul className={styles['findings']}>
        {others.map(({ id, teardown }) => (
          <li key={id}>
            <code>{id.split('/').slice(-2).join('/')}</code>{' '}
            {teardown === 'deleted' ? 'is deleted by the teardown.' : 'is neither changed nor deleted.'}
          </li>
        ))}
      </ul>
      {moreOthers > 0 && <p className={styles['quiet']}>{moreOthers} more resources stay.</p>}
    </section>
  );
}

function DifferenceItem({ difference: { member, actual, desired } }: { difference: Difference }) {
  return (
    <li>
      <code>{member}</code> {actual === null ? 'is absent' : <code>{JSON.stringify(actual)}</code>}
      {' → '}
      {desired === null ? 'removed' : <code>{JSON.stringify(desired)}</code>}
    </li>
  );
}
