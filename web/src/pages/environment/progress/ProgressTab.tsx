import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { aboutQuery } from '../../../api/queries.ts';
import { RequestProblem, RunFailure } from '../../../components/Problem.tsx';
import { Skeleton } from '../../../components/Skeleton.tsx';
import type { TabProps } from '../tabs.ts';
import { Blockers } from './Blockers.tsx';
import { StepGraph } from './graph/StepGraph.tsx';
import { StepList } from './steps/StepList.tsx';
import { Timeline } from './timeline/Timeline.tsx';
import styles from './ProgressTab.module.css';

/** Why the run failed, the steps as a graph and in time, and their resources. */
export default function ProgressTab({ environment }: TabProps) {
  const { data: about, error, failureReason } = useQuery(aboutQuery);
  const { failure, steps } = environment;
  const { opened, open, toggle } = useOpened();
  return (
    <div className={styles['progress']}>
      <Blockers environment={environment} />
      {failure && <RunFailure failure={failure} />}
      {error && <RequestProblem what="The steps could not be read" error={error} />}
      {!about && !error && <Skeleton what="the steps" failure={failureReason} />}
      {about && (
        <>
          <StepGraph descriptions={about.steps} steps={steps} onOpen={open} />
          <Timeline descriptions={about.steps} steps={steps} />
          <StepList descriptions={about.steps} environment={environment} opened={opened} onToggle={toggle} />
        </>
      )}
    </div>
  );
}

/** Which steps are unfolded. `open`: also brings the row into view. */
function useOpened() {
  const [opened, setOpened] = useState<readonly string[]>([]);
  const toggle = (id: string): void =>
    setOpened((before) => (before.includes(id) ? before.filter((one) => one !== id) : [...before, id]));
  const open = (id: string): void => {
    setOpened((before) => [...before.filter((one) => one !== id), id]);
    const row = document.querySelector<HTMLElement>(`#step-${id}-row > button`);
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: 'nearest' });
  };
  return { opened, open, toggle };
}
