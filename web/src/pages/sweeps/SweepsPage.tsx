import { queryOptions, useQuery } from '@tanstack/react-query';
import { listSweeps } from '../../../../src/client/index.ts';
import { dataOf } from '../../api/apiProblem.ts';
import page from '../../components/Page.module.css';
import { PageHead } from '../../components/PageHead.tsx';
import { RequestProblem } from '../../components/Problem.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { Skeleton } from '../../components/Skeleton.tsx';

const sweepsQuery = queryOptions({
  queryKey: ['sweeps'],
  queryFn: () => dataOf(listSweeps({ query: { limit: 50 } })),
  refetchInterval: 10_000,
});

/** The sweeps, newest first. */
export default function SweepsPage() {
  const { data, error, failureReason } = useQuery(sweepsQuery);
  return (
    <>
      <PageHead title="Sweeps" />
      <div className={page['page']}>
        {error && <RequestProblem what="The sweeps could not be read" error={error} />}
        {!data && !error && <Skeleton what="the sweeps" failure={failureReason} />}
        {data?.items.length === 0 && <p>No sweep has run yet.</p>}
        <ul>
          {data?.items.map(({ id, state, startedAt }) => (
            <li key={id}>
              <code>{id}</code> {state} <RelativeTime time={startedAt} />
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}
