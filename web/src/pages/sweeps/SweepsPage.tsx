import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from '../../components/Button.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import page from '../../components/Page.module.css';
import { PageHead } from '../../components/PageHead.tsx';
import { RequestProblem } from '../../components/Problem.tsx';
import { Skeleton } from '../../components/Skeleton.tsx';
import { DryRunButton, useDryRun } from './DryRun.tsx';
import { sweepsQuery } from './queries.ts';
import { Schedule } from './Schedule.tsx';
import { SweepHistory } from './SweepHistory.tsx';
import { WaitingForApproval } from './WaitingForApproval.tsx';

/** When sweeps run, what they do, and the sweeps until now. */
export default function SweepsPage() {
  const { data, error, failureReason, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(sweepsQuery);
  const dryRun = useDryRun();
  const sweeps = data?.pages.flatMap(({ items }) => items);
  return (
    <>
      <PageHead title="Sweeps">{sweeps?.length !== 0 && <DryRunButton dryRun={dryRun} />}</PageHead>
      <div className={page['page']} data-wide>
        {dryRun.error && <RequestProblem what="The dry run was not started" error={dryRun.error} />}
        {sweeps && <WaitingForApproval sweeps={sweeps} />}
        <Schedule />
        {error && <RequestProblem what="The sweeps could not be read" error={error} />}
        {!sweeps && !error && <Skeleton what="the sweeps" failure={failureReason} />}
        {sweeps?.length === 0 && <NoSweeps dryRun={dryRun} />}
        {sweeps && sweeps.length > 0 && <SweepHistory sweeps={sweeps} />}
        {hasNextPage && (
          <div>
            <Button busy={isFetchingNextPage ? 'Reading…' : undefined} onClick={() => void fetchNextPage()}>
              Show more sweeps
            </Button>
          </div>
        )}
      </div>
    </>
  );
}

function NoSweeps({ dryRun }: { dryRun: ReturnType<typeof useDryRun> }) {
  return (
    <EmptyState
      title="No sweep has run yet"
      action={<DryRunButton dryRun={dryRun} />}
      command={`curl ${window.location.origin}/sweeps -H 'content-type: application/json' -d '{"dryRun":true}'`}
    >
      A sweep finds environments whose lease has expired, and tears them down after a grace period. A dry run shows what
      a sweep would do now, and changes nothing.
    </EmptyState>
  );
}
