import { useQuery } from '@tanstack/react-query';
import type { Environment, RunRecord } from '../../../../../src/client/index.ts';
import { aboutQuery } from '../../../api/queries.ts';
import { Duration } from '../../../components/Duration.tsx';
import styles from './RunsTab.module.css';

interface StepDurationsProps {
  run: RunRecord;
  steps: Environment['steps'];
}

/** How long each step of the run took, where the environment's steps are those of this run. */
export function StepDurations({ run: { startedAt, finishedAt }, steps }: StepDurationsProps) {
  const { data: about } = useQuery(aboutQuery);
  const begun = steps.filter(({ since }) => since !== null);
  const isOfRun = begun.every(({ since }) => since! >= startedAt && (finishedAt === null || since! <= finishedAt));
  if (begun.length === 0 || !isOfRun) return null;
  return (
    <section>
      <h3>Durations</h3>
      <dl className={styles['facts']}>
        {begun.map(({ id, since, finishedAt: end }) => [
          <dt key={`${id} name`}>{about?.steps.find((step) => step.id === id)?.title ?? id}</dt>,
          <dd key={id}>
            <Duration from={since!} to={end} />
          </dd>,
        ])}
      </dl>
    </section>
  );
}
