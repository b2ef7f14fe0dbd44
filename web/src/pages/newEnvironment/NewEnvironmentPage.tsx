import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { createEnvironment } from '../../../../src/client/index.ts';
import { dataOf } from '../../api/apiProblem.ts';
import { Button } from '../../components/Button.tsx';
import page from '../../components/Page.module.css';
import { PageHead } from '../../components/PageHead.tsx';
import { RequestProblem } from '../../components/Problem.tsx';

/** Provisions an environment by its name and location; everything else has defaults. */
export default function NewEnvironmentPage() {
  const [, navigate] = useLocation();
  const [name, setName] = useState('');
  const [location, setLocation] = useState('westus2');
  const creation = useMutation({
    mutationFn: () => dataOf(createEnvironment({ body: { name, location } })),
    onSuccess: () => navigate(`/environments/${name}`),
  });
  return (
    <>
      <PageHead title="New environment" />
      <form
        className={page['page']}
        onSubmit={(event) => {
          event.preventDefault();
          creation.mutate();
        }}
      >
        <label>
          Name <input required value={name} onChange={({ target }) => setName(target.value)} />
        </label>
        <label>
          Location <input required value={location} onChange={({ target }) => setLocation(target.value)} />
        </label>
        {creation.error && <RequestProblem what="The environment was not created" error={creation.error} />}
        <div>
          <Button type="submit" kind="primary" busy={creation.isPending ? 'Requesting…' : undefined}>
            Provision {name || 'the environment'}
          </Button>
        </div>
      </form>
    </>
  );
}
