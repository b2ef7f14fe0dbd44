import { useQuery } from '@tanstack/react-query';
import { aboutQuery } from '../../api/queries.ts';
import page from '../../components/Page.module.css';
import { PageHead } from '../../components/PageHead.tsx';
import { RequestProblem } from '../../components/Problem.tsx';
import { Skeleton } from '../../components/Skeleton.tsx';
import { TargetBand } from '../../app/TargetBand.tsx';

/** The target cloud, versions and links. */
export default function AboutPage() {
  const { data, error, failureReason } = useQuery(aboutQuery);
  if (error) return <RequestProblem what="The description of this installation could not be read" error={error} />;
  if (!data) return <Skeleton what="the description of this installation" failure={failureReason} />;
  const { target, subscriptionIds, version, temporal, links } = data;
  return (
    <>
      <PageHead title="About" />
      <div className={page['page']}>
        <dl>
          <dt>Target</dt>
          <dd>
            <TargetBand target={target} subscriptionIds={subscriptionIds} />
          </dd>
          <dt>Version</dt>
          <dd>{version}</dd>
          <dt>Temporal</dt>
          <dd>
            {temporal.address}, namespace {temporal.namespace}
            {temporal.ui !== null && (
              <>
                {' '}
                · <a href={temporal.ui}>web interface</a>
              </>
            )}
          </dd>
          {Object.entries(links).map(([what, path]) => [
            <dt key={`${what} term`}>{what}</dt>,
            <dd key={what}>
              <a href={path}>{path}</a>
            </dd>,
          ])}
        </dl>
      </div>
    </>
  );
}
