import { useRef, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Environment } from '../../../../../src/client/index.ts';
import { aboutQuery } from '../../../api/queries.ts';
import { RequestProblem, RunFailure } from '../../../components/Problem.tsx';
import { Skeleton } from '../../../components/Skeleton.tsx';
import type { TabProps } from '../tabs.tsx';
import { Blockers } from './Blockers.tsx';
import { StepGraph } from './graph/StepGraph.tsx';
import { StepList } from './steps/StepList.tsx';
import { criticalPath } from './timeline/criticalPath.ts';
import { Timeline } from './timeline/Timeline.tsx';
import { useSteadyPointer } from './useSteadyPointer.ts';
import { useWidth } from './useWidth.ts';
import styles from './ProgressTab.module.css';

/** In these states the steps are those of the deletion, which has another order. */
const deletionStates: readonly Environment['state'][] = ['deleting', 'blocked', 'deleted'];

/** Why the run failed, the steps as a graph and in time, and their resources. */
export default function ProgressTab({ environment }: TabProps) {
  const { data: about, error, failureReason } = useQuery(aboutQuery);
  const { failure, steps } = environment;
  const { opened, open, toggle } = useOpened();
  const content = useRef<HTMLDivElement>(null);
  useSteadyPointer(content);
  const width = useWidth(content);
  const isDeletion = deletionStates.includes(environment.state);
  const shown = isDeletion && environment.run === null ? steps.filter(({ since }) => since !== null) : steps;
  return (
    <div ref={content} className={styles['progress']}>
      <Blockers environment={environment} />
      {failure && <RunFailure failure={failure} />}
      {failure?.log != null && failure.step === 'endpoint' && (
        <Link href={`/environments/${environment.name}/logs`}>Read the whole container log</Link>
      )}
      {error && <RequestProblem what="The steps could not be read" error={error} />}
      {!about && !error && <Skeleton what="the steps" failure={failureReason} />}
      {about && (
        <>
          <div className={styles['overview']}>
            {!isDeletion && width !== undefined && (
              <StepGraph width={width} descriptions={about.steps} steps={steps} onOpen={open} />
            )}
            <Timeline steps={shown} path={isDeletion ? undefined : criticalPath(about.steps, steps)} />
          </div>
          <StepList
            descriptions={about.steps}
            environment={environment}
            steps={shown}
            opened={opened}
            onToggle={toggle}
          />
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
