import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { SweepSummary } from '../../../../src/client/index.ts';
import { Duration } from '../../components/Duration.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { TextWithTimes } from '../../components/TextWithTimes.tsx';
import { kindOf } from './sweepText.ts';
import { SweepMark } from './SweepMark.tsx';
import styles from './Sweeps.module.css';

const columns = ['Started', 'Mode', 'State', 'Considered', 'Marked', 'Teardowns', 'Skipped', 'Took'];

/** Sweeps as rows, newest first; why one stopped or failed is below it. */
export function SweepHistory({ sweeps }: { sweeps: readonly SweepSummary[] }) {
  return (
    <table className={styles['table']} aria-label="Sweeps">
      <thead>
        <tr>
          {columns.map((column, index) => (
            <th key={column} scope="col" className={index > 2 ? styles['number'] : undefined}>
              {column}
            </th>
          ))}
        </tr>
      </thead>
      {sweeps.map((sweep) => (
        <SweepRows key={sweep.id} sweep={sweep} />
      ))}
    </table>
  );
}

function SweepRows({ sweep }: { sweep: SweepSummary }) {
  const { id, startedAt, finishedAt, state, ownedCount, counts, stopReasons, failure } = sweep;
  const numbers: readonly [string, ReactNode][] = [
    ['Considered', ownedCount.toLocaleString()],
    ['Marked', sweep.dryRun ? wouldBe(counts.mark) : counts.mark.toLocaleString()],
    ['Teardowns', sweep.dryRun ? wouldBe(counts.tearDown) : counts.tearDown.toLocaleString()],
    ['Skipped', counts.skipped.toLocaleString()],
    ['Took', <Duration key="took" from={startedAt} to={finishedAt} />],
  ];
  const reasons = [
    ...stopReasons.map(({ code, message }) => ({ code, message })),
    ...(failure ? [{ code: failure.code, message: failure.message }] : []),
  ];
  return (
    <tbody>
      <tr>
        <th scope="row" className={styles['started']}>
          <Link href={`/sweeps/${id}`}>
            <RelativeTime time={startedAt} />
          </Link>
        </th>
        <td>{kindOf(sweep)}</td>
        <td>
          <SweepMark state={state} />
        </td>
        {numbers.map(([label, value]) => (
          <td key={label} data-label={label} className={styles['number']}>
            {value}
          </td>
        ))}
      </tr>
      {reasons.length > 0 && (
        <tr className={styles['reasons']}>
          <td colSpan={columns.length}>
            {reasons.map(({ code, message }) => (
              <p key={code}>
                <code>{code}</code> <TextWithTimes text={message} />
              </p>
            ))}
          </td>
        </tr>
      )}
    </tbody>
  );
}

/** A number of a dry run, which did nothing. */
const wouldBe = (count: number): string => (count === 0 ? '0' : `would be ${count.toLocaleString()}`);
