import { Link } from 'wouter';
import type { SweptEntry } from '../../../../src/client/index.ts';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { TextWithTimes } from '../../components/TextWithTimes.tsx';
import styles from './Sweeps.module.css';

interface SweepEntriesProps {
  entries: readonly SweptEntry[];
  /** id of the heading */
  labelledBy: string;
  /** they are environments of this installation, which have a page */
  isOwn: boolean;
}

/** The environments of one list of a sweep, each with its reason. */
export function SweepEntries({ entries, labelledBy, isOwn }: SweepEntriesProps) {
  const hasOutcomes = entries.some(({ outcome }) => outcome !== null);
  return (
    <table className={`${styles['table']} ${styles['entries']}`} aria-labelledby={labelledBy}>
      <thead>
        <tr>
          <th scope="col">{isOwn ? 'Environment' : 'Group of'}</th>
          <th scope="col">Owner</th>
          <th scope="col">Lease end</th>
          <th scope="col">Reason</th>
          {hasOutcomes && <th scope="col">Outcome</th>}
        </tr>
      </thead>
      <tbody>
        {entries.map(({ name, subscriptionId, owner, expiresAt, reason, outcome }) => (
          <tr key={`${subscriptionId}/${name}`}>
            <th scope="row">{isOwn ? <Link href={`/environments/${name}`}>{name}</Link> : name}</th>
            <td data-label="Owner">{owner ?? '–'}</td>
            <td data-label="Lease end" className={styles['short']}>
              <LeaseEnd time={expiresAt} />
            </td>
            <td className={styles['text']}>
              <TextWithTimes text={reason} />
            </td>
            {hasOutcomes && (
              <td className={styles['text']}>
                <TextWithTimes text={outcome ?? '–'} />
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** When a lease ended or will end, from a tag, which can have any text. */
function LeaseEnd({ time }: { time: string | null }) {
  if (time === null) return <>–</>;
  return Number.isNaN(Date.parse(time)) ? <code>{time}</code> : <RelativeTime time={time} />;
}
