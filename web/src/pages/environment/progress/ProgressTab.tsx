import { Duration } from '../../../components/Duration.tsx';
import { RunFailure } from '../../../components/Problem.tsx';
import type { TabProps } from '../tabs.ts';
import { Blockers } from './Blockers.tsx';

/** Why the run failed, and its steps. */
export default function ProgressTab({ environment }: TabProps) {
  const { failure, steps } = environment;
  return (
    <>
      <Blockers environment={environment} />
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
