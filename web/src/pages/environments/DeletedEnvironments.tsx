import { useInfiniteQuery } from '@tanstack/react-query';
import { deletedEnvironmentsQuery } from '../../api/queries.ts';
import { Button } from '../../components/Button.tsx';
import { RequestProblem } from '../../components/Problem.tsx';
import { Skeleton } from '../../components/Skeleton.tsx';
import { EnvironmentTable } from './EnvironmentTable.tsx';
import type { Filter } from './filter.ts';
import styles from './EnvironmentTable.module.css';

/** Deleted environments, a page at a time. The API filters them. */
export function DeletedEnvironments({ filter: { q, owner } }: { filter: Filter }) {
  const conditions = { ...(q !== '' && { q }), ...(owner !== '' && { owner }) };
  const { data, error, failureReason, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    deletedEnvironmentsQuery(conditions),
  );
  const environments = data?.pages.flatMap(({ items }) => items);
  if (error) return <RequestProblem what="The deleted environments could not be read" error={error} />;
  if (!environments) return <Skeleton what="the deleted environments" failure={failureReason} />;
  if (environments.length === 0 && !hasNextPage)
    return (
      <p className={styles['none']}>
        No deleted environment {q === '' && owner === '' ? 'is known' : 'matches the filters'}. Temporal keeps deleted
        ones for 30 days.
      </p>
    );
  return (
    <EnvironmentTable environments={environments} total={environments.length}>
      {hasNextPage && (
        <div className={styles['more']}>
          <Button busy={isFetchingNextPage ? 'Reading…' : undefined} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </EnvironmentTable>
  );
}
