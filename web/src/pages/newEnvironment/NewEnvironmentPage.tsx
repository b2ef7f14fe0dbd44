import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Button } from '../../components/Button.tsx';
import page from '../../components/Page.module.css';
import { PageHead } from '../../components/PageHead.tsx';
import { RequestProblem } from '../../components/Problem.tsx';
import { Skeleton } from '../../components/Skeleton.tsx';
import { clearDraft } from './draft.ts';
import { EnvironmentForm } from './EnvironmentForm.tsx';
import { specSchemaQuery } from './specSchema.ts';

/** A form made from the API's schema; beside it, the plan of what was entered. */
export default function NewEnvironmentPage() {
  const { data, error, failureReason } = useQuery(specSchemaQuery);
  const [round, setRound] = useState(0);
  const clear = (): void => {
    clearDraft();
    setRound(round + 1);
  };
  return (
    <>
      <PageHead title="New environment">
        <Button onClick={clear}>Clear the form</Button>
      </PageHead>
      {data && <EnvironmentForm key={round} schema={data} />}
      {!data && (
        <div className={page['page']}>
          {error && <RequestProblem what="The description of the API could not be read" error={error} />}
          {!error && <Skeleton what="the description of the API" failure={failureReason} />}
        </div>
      )}
    </>
  );
}
