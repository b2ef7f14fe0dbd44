import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { GetAboutResponse } from '../../../../src/client/index.ts';
import { aboutQuery } from '../../api/queries.ts';
import { TargetBand } from '../../app/TargetBand.tsx';
import page from '../../components/Page.module.css';
import { PageHead } from '../../components/PageHead.tsx';
import { RequestProblem } from '../../components/Problem.tsx';
import { Skeleton } from '../../components/Skeleton.tsx';
import styles from './About.module.css';
import { Readiness } from './Readiness.tsx';
import { Rights } from './Rights.tsx';

/** The target cloud, the version, links, and whether everything that Moat needs is ready. */
export default function AboutPage() {
  const { data, error, failureReason } = useQuery(aboutQuery);
  return (
    <>
      <PageHead title="About" />
      <div className={page['page']}>
        {error && <RequestProblem what="The description of this installation could not be read" error={error} />}
        {!data && !error && <Skeleton what="the description of this installation" failure={failureReason} />}
        {data && <Description about={data} />}
        <Rights />
        <Readiness />
      </div>
    </>
  );
}

function Description({ about: { target, subscriptionIds, version, temporal, links } }: { about: GetAboutResponse }) {
  return (
    <dl>
      <Fact term="Target">
        <div className={styles['target']}>
          <TargetBand target={target} subscriptionIds={subscriptionIds} />
        </div>
      </Fact>
      <Fact term={subscriptionIds.length === 1 ? 'Subscription' : 'Subscriptions'}>
        {subscriptionIds.map((id) => (
          <div key={id}>
            <code>{id}</code>
          </div>
        ))}
      </Fact>
      <Fact term="Version of Moat">{version}</Fact>
      <Fact term="Temporal">
        {temporal.address}, namespace {temporal.namespace}
      </Fact>
      <Fact term="Temporal UI">
        {temporal.ui === null ? (
          <>
            not set: <code>MOAT_TEMPORAL_UI</code> is its address
          </>
        ) : (
          <Address href={temporal.ui} />
        )}
      </Fact>
      <Fact term="API reference">
        <Address href={links.docs} />
      </Fact>
      <Fact term="OpenAPI document">
        <Address href={links.openapi} />
      </Fact>
      <Fact term="Metrics for Prometheus">
        <Address href={links.metrics} />
      </Fact>
      <Fact term="Public key of proofs">
        <Address href={links.proofKey} />
      </Fact>
    </dl>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </>
  );
}

const Address = ({ href }: { href: string }) => <a href={href}>{href}</a>;
