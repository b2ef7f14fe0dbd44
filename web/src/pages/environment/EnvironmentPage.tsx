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
  if (error) return <RequestProblem what={`${name} could not be read`} error={error} />;
  if (!data) return <Skeleton what={name} failure={failureReason} />;
  return (
    <>
      <PageHead title={name}>
        <StateMark state={data.state} />
        <Gauge steps={data.steps} />
      </PageHead>
      <div className={page['page']}>
        {data.failure && <RunFailure failure={data.failure} />}
        <dl>
          {data.steps.map(({ id, state, message, since, finishedAt }) => [
            <dt key={`${id} term`}>{id}</dt>,
            <dd key={id}>
              {state} {since !== null && <Duration from={since} to={finishedAt} />} {message}
            </dd>,
          ])}
        </dl>
      </div>
    </>
  );
}
