import type { Environment } from '../../../../src/client/index.ts';
import { useLiveEnvironment } from '../../api/liveEnvironment.ts';
import { Duration } from '../../components/Duration.tsx';
import { Gauge } from '../../components/Gauge.tsx';
import page from '../../components/Page.module.css';
import { PageHead } from '../../components/PageHead.tsx';
import { RequestProblem, RunFailure } from '../../components/Problem.tsx';
import { Skeleton } from '../../components/Skeleton.tsx';
import { StateMark } from '../../components/StateMark.tsx';

/** One environment: its state, its failure and its steps. */
export default function EnvironmentPage({ name }: { name: string; tab: string | undefined }) {
  const { data, error, failureReason } = useLiveEnvironment(name);
  return (
    <>
      <PageHead title={name}>
        {data && (
          <>
            <StateMark state={data.state} />
            <Gauge steps={data.steps} />
          </>
        )}
      </PageHead>
      <div className={page['page']}>
        {error && <RequestProblem what={`${name} could not be read`} error={error} />}
        {!data && !error && <Skeleton what={name} failure={failureReason} />}
        {data?.failure && <RunFailure failure={data.failure} />}
        {data && <Steps steps={data.steps} />}
      </div>
    </>
  );
}

function Steps({ steps }: Pick<Environment, 'steps'>) {
  return (
    <dl>
      {steps.map(({ id, state, message, since, finishedAt }) => [
        <dt key={`${id} term`}>{id}</dt>,
        <dd key={id}>
          {state} {since !== null && <Duration from={since} to={finishedAt} />} {message}
        </dd>,
      ])}
    </dl>
  );
}
