import type { ReactNode } from 'react';
import { useMutation } from '@tanstack/react-query';
import { createEnvironment } from '../../../../src/client/index.ts';
import { dataOf } from '../../api/apiProblem.ts';
import { useRefusal } from '../../api/me.ts';
import { Button } from '../../components/Button.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { RequestProblem } from '../../components/Problem.tsx';

const sample = { name: 'sample', location: 'westus2' };

/** An empty installation explains itself and offers the sample. */
export function NoEnvironments({ children }: { children?: ReactNode }) {
  const creation = useMutation({ mutationFn: () => dataOf(createEnvironment({ body: sample })) });
  const refusal = useRefusal();
  return (
    <EmptyState
      title="No environments yet"
      action={
        <>
          <Button
            kind="primary"
            refusal={refusal('createEnvironment')}
            busy={creation.isPending ? 'Requesting…' : undefined}
            onClick={() => creation.mutate()}
          >
            Provision the sample
          </Button>
          {children}
          {creation.error && <RequestProblem what="The sample was not created" error={creation.error} />}
        </>
      }
      command={`curl ${window.location.origin}/environments -H 'content-type: application/json' -d '${JSON.stringify(sample)}'`}
    >
      An environment is one model behind a private endpoint in its own network, with a proof that nothing outside can
      reach it. It is torn down when its lease ends.
    </EmptyState>
  );
}
