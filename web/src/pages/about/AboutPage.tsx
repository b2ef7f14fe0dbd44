import { useQuery } from '@tanstack/react-query';
import type { GetAboutResponse } from '../../../../src/client/index.ts';
import { aboutQuery } from '../../api/queries.ts';
import { TargetBand } from '../../app/TargetBand.tsx';
import page from '../../components/Page.module.css';
import { PageHead } from '../../components/PageHead.tsx';
import { RequestProblem } from '../../components/Problem.tsx';
import { Skeleton } from '../../components/Skeleton.tsx';

/** The target cloud, versions and links. */
export default function AboutPage() {
  const { data, error, failureReason } = useQuery(aboutQuery);
  return (
    <>
      <PageHead title="About" />
      <div className={page['page']}>
        {error && <RequestProblem what="The description of this installation could not be read" error={error} />}
        {!data && !error && <Skeleton what="the description of this installation" failure={failureReason} />}
        {data && <Description about={data} />}
      </div>
    </>
  );
}

function Description({ about: { target, subscriptionIds, version, temporal, links } }: { about: GetAboutResponse }) {
  return (
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
      <dt>API reference</dt>
      <dd>
        <a href={links.docs}>{links.docs}</a>
      </dd>
      <dt>OpenAPI document</dt>
      <dd>
        <a href={links.openapi}>{links.openapi}</a>
      </dd>
      <dt>Metrics</dt>
      <dd>
        <a href={links.metrics}>{links.metrics}</a>
      </dd>
    </dl>
  );
}
