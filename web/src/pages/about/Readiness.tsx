import { useQuery } from '@tanstack/react-query';
import type { ReadinessCheck } from '../../../../src/client/index.ts';
import { icons } from '../../components/icons.tsx';
import { RequestProblem } from '../../components/Problem.tsx';
import { Skeleton } from '../../components/Skeleton.tsx';
import marks from '../../components/StateMark.module.css';
import { readinessQuery } from './readiness.ts';
import styles from './About.module.css';

/** Whether Moat can work: each part that it needs, with words. */
export function Readiness() {
  const { data, error, failureReason } = useQuery(readinessQuery);
  return (
    <section className={styles['section']} aria-labelledby="readiness">
      <h2 id="readiness">{data?.every(({ ready }) => ready) ? 'Ready' : data ? 'Not ready' : 'Readiness'}</h2>
      {error && <RequestProblem what="The readiness could not be read" error={error} />}
      {!data && !error && <Skeleton what="the readiness" rows={2} failure={failureReason} />}
      {data && (
        <ul className={styles['checks']}>
          {data.map((check) => (
            <Check key={check.id} check={check} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Check({ check: { ready, message } }: { check: ReadinessCheck }) {
  return (
    <li>
      <span className={`${marks['mark']} ${marks[ready ? 'good' : 'bad']}`}>
        {ready ? icons.check : icons.cross}
        <span>{ready ? 'ready' : 'not ready'}</span>
      </span>
      <span>{message}</span>
    </li>
  );
}
