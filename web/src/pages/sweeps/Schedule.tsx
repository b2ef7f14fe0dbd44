import { useQuery } from '@tanstack/react-query';
import type { SweepSchedule } from '../../../../src/client/index.ts';
import { RequestProblem } from '../../components/Problem.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { Skeleton } from '../../components/Skeleton.tsx';
import { scheduleQuery } from './queries.ts';
import styles from './Sweeps.module.css';

/** When the next sweep is due, and what sweeps do. */
export function Schedule() {
  const { data, error, failureReason } = useQuery(scheduleQuery);
  return (
    <section className={styles['schedule']} aria-labelledby="next-sweep">
      <h2 id="next-sweep">Next sweep</h2>
      {error && <RequestProblem what="The schedule could not be read" error={error} />}
      {!data && !error && <Skeleton what="the schedule" rows={2} failure={failureReason} />}
      {data && (
        <>
          <p className={styles['next']}>
            <NextRun schedule={data} />
          </p>
          <ul className={styles['policy']}>
            {Object.values(data.policy).map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function NextRun({ schedule: { nextRunAt, paused, mode } }: { schedule: SweepSchedule }) {
  if (paused) return <>none: the schedule is paused</>;
  if (nextRunAt === null) return <>none: there is no schedule yet. A worker creates it when it starts.</>;
  return (
    <>
      <RelativeTime time={nextRunAt} />
      {mode === 'dry' && ', as a dry run'}
      {mode === 'off' && ', without any effect: sweeps are switched off'}
    </>
  );
}
