import { useEffect, useMemo, useRef } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { environmentsQuery } from '../../api/queries.ts';
import { useKeys } from '../../app/keys.ts';
import { buttonClass } from '../../components/Button.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { RequestProblem } from '../../components/Problem.tsx';
import { Skeleton } from '../../components/Skeleton.tsx';
import { DeletedEnvironments } from './DeletedEnvironments.tsx';
import { EnvironmentTable } from './EnvironmentTable.tsx';
import { Filters } from './Filters.tsx';
import { countByState, matches, useFilter } from './filter.ts';
import { NoEnvironments } from './NoEnvironments.tsx';
import styles from './EnvironmentsPage.module.css';

/** All environments, live. */
export default function EnvironmentsPage() {
  const { data, error, failureReason, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery(environmentsQuery);
  // Every page is read: filters and counts work on the whole list.
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);

  const all = useMemo(() => data?.pages.flatMap(({ items }) => items), [data]);
  const [filter, setFilter] = useFilter();
  const shown = useMemo(() => all?.filter((environment) => matches(environment, filter)) ?? [], [all, filter]);
  const owners = useMemo(() => [...new Set(all?.map(({ owner }) => owner))].toSorted(), [all]);

  const showsDeleted = filter.state === 'deleted';

  const search = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => search.current?.select() });

  return (
    <div className={styles['page']}>
      <PageHead title="Environments">
        <input
          ref={search}
          type="search"
          className={styles['search']}
          placeholder="Search by name ( / )"
          aria-label="Search by the beginning of the name"
          value={filter.q}
          onChange={({ target }) => setFilter({ q: target.value.toLowerCase() })}
          onKeyDown={({ key, currentTarget }) => key === 'Escape' && currentTarget.blur()}
        />
        <Link href="/environments/new" className={buttonClass('primary')}>
          New environment
        </Link>
      </PageHead>
      {error && <RequestProblem what="The environments could not be read" error={error} />}
      {!all && !error && <Skeleton what="the environments" failure={failureReason} />}
      {all?.length === 0 && !showsDeleted && (
        <NoEnvironments>
          <Link href="/environments?state=deleted">Show deleted environments</Link>
        </NoEnvironments>
      )}
      {all && (all.length > 0 || showsDeleted) && (
        <>
          <Filters
            filter={filter}
            counts={hasNextPage ? undefined : countByState(all)}
            owners={owners}
            onChange={setFilter}
          />
          {showsDeleted ? (
            <DeletedEnvironments filter={filter} />
          ) : (
            <EnvironmentTable environments={shown} total={all.length} />
          )}
        </>
      )}
    </div>
  );
}
