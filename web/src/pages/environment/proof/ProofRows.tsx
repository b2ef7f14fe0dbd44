import { useId } from 'react';
import type { ProofRow } from '../../../../../src/client/index.ts';
import { RelativeTime } from '../../../components/RelativeTime.tsx';
import { VerdictMark } from './VerdictMark.tsx';
import { verdictCounts, groupRows, originTitles } from './origins.ts';
import styles from './ProofRows.module.css';

/** The rows of a proof, by where each was checked from. */
export function ProofRows({ rows }: { rows: readonly ProofRow[] }) {
  return groupRows(rows).map(([origin, group]) => <Group key={origin} origin={origin} rows={group} />);
}

function Group({ origin, rows }: { origin: ProofRow['from']; rows: readonly ProofRow[] }) {
  const id = useId();
  const { title, meaning } = originTitles[origin];
  return (
    <section className={styles['group']} aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      <p className={styles['meaning']}>
        {meaning} · {verdictCounts(rows)}
      </p>
      {/* the roles are repeated: the style for narrow screens would remove them */}
      <table role="table" className={styles['table']} aria-labelledby={id}>
        <thead role="rowgroup">
          <tr role="row">
            {['Verdict', 'Check', 'Expected', 'Observed', 'When'].map((column) => (
              <th key={column} role="columnheader" scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <Row key={row.check} {...row} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ check, expected, observed, at, verdict }: ProofRow) {
  return (
    <tr role="row" data-verdict={verdict}>
      <td role="cell">
        <VerdictMark verdict={verdict} />
      </td>
      <th role="rowheader" scope="row">
        {check}
      </th>
      <td role="cell" data-label="Expected">
        {expected}
      </td>
      <td role="cell" data-label="Observed">
        {observed}
      </td>
      <td role="cell" className={styles['time']}>
        <RelativeTime time={at} />
      </td>
    </tr>
  );
}
