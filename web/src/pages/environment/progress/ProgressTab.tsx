import { Duration } from '../../../components/Duration.tsx';
import { RunFailure } from '../../../components/Problem.tsx';
import type { TabProps } from '../tabs.ts';

/** Why the run failed, and its steps. */
export default function ProgressTab({ environment: { failure, steps } }: TabProps) {
  return (
    <>
      {failure && <RunFailure failure={failure} />}
      <dl>
        {steps.map(({ id, state, message, since, finishedAt }) => [
          <dt key={`${id} term`}>{id}</dt>,
          <dd key={id}>
            {state} {since !== null && <Duration from={since} to={finishedAt} />} {message}
          </dd>,
        ])}
      </dl>
    </>
  );
}
