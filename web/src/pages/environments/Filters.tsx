import { useQuery } from '@tanstack/react-query';
import type { Environment } from '../../../../src/client/index.ts';
import { summaryQuery } from '../../api/queries.ts';
import { StateMark } from '../../components/StateMark.tsx';
import type { Filter } from './filter.ts';
import styles from './Filters.module.css';

interface FiltersProps {
  filter: Filter;
  /** of the list, once all of it is read: until then those of the API are shown */
  counts: Readonly<Record<string, number>> | undefined;
  owners: readonly string[];
  onChange: (change: Partial<Filter>) => void;
}

/** The counts by state, each a filter, and the owner. */
export function Filters({ filter, counts, owners, onChange }: FiltersProps) {
  const { data: summary } = useQuery(summaryQuery);
  const summarized = Object.entries(summary?.states ?? {}) as [Environment['state'], number][];
  const states = summarized.map(([state, count]) => [state, counts ? (counts[state] ?? 0) : count] as const);
  return (
    <div className={styles['filters']} role="group" aria-label="Filters">
      {states.map(([state, count]) => (
        <button
          key={state}
          type="button"
          className={styles['state']}
          data-empty={count === 0 || undefined}
          aria-pressed={filter.state === state}
          onClick={() => onChange({ state: filter.state === state ? '' : state })}
        >
          <StateMark state={state} />
          <span>{count}</span>
        </button>
      ))}
      <button
        type="button"
        className={styles['state']}
        aria-pressed={filter.state === 'deleted'}
        onClick={() => onChange({ state: filter.state === 'deleted' ? '' : 'deleted' })}
      >
        <StateMark state="deleted" />
      </button>
      <label className={styles['owner']}>
        Owner
        <select value={filter.owner} onChange={({ target }) => onChange({ owner: target.value })}>
          <option value="">all</option>
          {owners.map((owner) => (
            <option key={owner}>{owner}</option>
          ))}
        </select>
      </label>
    </div>
  );
}
