import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import { runsQuery } from '../../../api/runs.ts';
import { EmptyState } from '../../../components/EmptyState.tsx';
import { RequestProblem } from '../../../components/Problem.tsx';
import { Skeleton } from '../../../components/Skeleton.tsx';
import type { TabProps } from '../tabs.tsx';
import { RunItem } from './RunItem.tsx';
import styles from './RunsTab.module.css';

/** Every run that is kept, newest first; the one in the address is unfolded. */
export default function RunsTab({ environment }: TabProps) {
  const { data: runs, error, failureReason } = useQuery(runsQuery(environment));
  const [search, setSearch] = useSearchParams();
  const selected = search.get('run');
  const { name, links } = environment;
  if (error && !runs) return <RequestProblem what={`The runs of ${name} could not be read`} error={error} />;
  if (!runs) return <Skeleton what={`the runs of ${name}`} failure={failureReason} />;
  if (runs.length === 0)
    return (
      <EmptyState title="No runs yet" command={`curl ${location.origin}/environments/${name}/runs`}>
        A run is one unit of work: provision, score, verify or teardown. The first one is about to begin.
      </EmptyState>
    );
  return (
    <>
      <ol className={styles['runs']}>
        {runs.map((run) => (
          <RunItem
            key={run.id}
            run={run}
            environment={environment}
            isOpen={run.id === (selected ?? runs[0]!.id)}
            onToggle={(isOpen) => setSearch({ run: isOpen ? run.id : '' }, { replace: true })}
          />
        ))}
      </ol>
      <p className={styles['note']}>
        The newest runs are kept, older ones are not.
        {links.temporal !== null && (
          <>
            {' '}
            <a href={links.temporal} target="_blank" rel="noreferrer">
              History in Temporal ↗
            </a>
          </>
        )}
      </p>
    </>
  );
}
