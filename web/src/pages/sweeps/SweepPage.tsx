import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Sweep } from '../../../../src/client/index.ts';
import page from '../../components/Page.module.css';
import { PageHead } from '../../components/PageHead.tsx';
import { Problem, RequestProblem } from '../../components/Problem.tsx';
import { Skeleton } from '../../components/Skeleton.tsx';
import { TextWithTimes } from '../../components/TextWithTimes.tsx';
import { Approval } from './Approval.tsx';
import { sweepQuery } from './queries.ts';
import { SweepFacts } from './SweepFacts.tsx';
import { SweepLists } from './SweepLists.tsx';
import { SweepProgress } from './SweepProgress.tsx';
import { isApprovable, kindOf } from './sweepText.ts';
import styles from './Sweeps.module.css';

/** One sweep: its progress, then what it did, or would do, with each environment and why. */
export default function SweepPage({ id }: { id: string }) {
  const { data, error, failureReason } = useQuery(sweepQuery(id));
  const kind = data ? kindOf(data) : 'sweep';
  return (
    <>
      <PageHead title={`${kind.charAt(0).toUpperCase()}${kind.slice(1)}`}>
        <Link href="/sweeps">All sweeps</Link>
      </PageHead>
      <div className={page['page']} data-wide>
        {error && <RequestProblem what="The sweep could not be read" error={error} />}
        {!data && !error && <Skeleton what="the sweep" failure={failureReason} />}
        {data && <SweepReport sweep={data} />}
      </div>
    </>
  );
}

function SweepReport({ sweep }: { sweep: Sweep }) {
  const { state, failure } = sweep;
  return (
    <>
      <SweepFacts sweep={sweep} />
      {failure && <Problem what="The sweep failed" code={failure.code} why={failure.message} remedy={failure.remedy} />}
      {state === 'stopped' && <StopReasons sweep={sweep} />}
      {isApprovable(sweep) && <Approval sweep={sweep} />}
      {state === 'off' && <p>Sweeps were switched off before this one ended: it did nothing more from then on.</p>}
      {state === 'running' ? <SweepProgress sweep={sweep} /> : <SweepLists sweep={sweep} />}
    </>
  );
}

function StopReasons({ sweep: { dryRun, stopReasons } }: { sweep: Sweep }) {
  return (
    <section className={styles['stopped']} aria-labelledby="stop-reasons">
      <h2 id="stop-reasons">
        {dryRun ? 'A sweep would stop now, before it does anything' : 'Stopped before it did anything'}
      </h2>
      <ul>
        {stopReasons.map(({ code, message }) => (
          <li key={code}>
            <code>{code}</code> <TextWithTimes text={message} />
          </li>
        ))}
      </ul>
    </section>
  );
}
