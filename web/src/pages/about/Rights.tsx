import { useQuery } from '@tanstack/react-query';
import type { GetMeResponse } from '../../../../src/client/index.ts';
import { meQuery } from '../../api/me.ts';
import { RequestProblem } from '../../components/Problem.tsx';
import { Skeleton } from '../../components/Skeleton.tsx';
import styles from './About.module.css';

const rights: Readonly<Record<GetMeResponse['changes'], string>> = {
  none: 'read everything, change nothing',
  own: 'read everything, change own environments',
  all: 'everything, sweeps and the environments of others included',
};

const ways: Readonly<Record<GetMeResponse['via'], string>> = {
  local: 'not signed in: no authentication is required',
  apiKey: 'by an API key',
  oidc: 'by an access token',
  session: 'by a session of this browser',
};

/** Who uses the console, what they may do, and what the policy allows for their environments. */
export function Rights() {
  // How many environments there are changes with each of them.
  const { data: me, error, failureReason } = useQuery({ ...meQuery, staleTime: 0 });
  return (
    <section className={styles['section']} aria-labelledby="rights">
      <h2 id="rights">You</h2>
      {error && <RequestProblem what="Your rights could not be read" error={error} />}
      {!me && !error && <Skeleton what="your rights" rows={2} failure={failureReason} />}
      {me && (
        <dl>
          <dt>Name</dt>
          <dd>{me.name}</dd>
          <dt>Recognised</dt>
          <dd>{ways[me.via]}</dd>
          <dt>Role</dt>
          <dd>
            {me.role}: {rights[me.changes]}
          </dd>
          <dt>Environments</dt>
          <dd>{environmentsText(me.limits)}</dd>
          <dt>Locations</dt>
          <dd>{me.limits.locations?.join(', ') ?? 'all'}</dd>
          <dt>Instance types</dt>
          <dd>{me.limits.instanceTypes?.join(', ') ?? 'all'}</dd>
          <dt>Longest lease</dt>
          <dd>{me.limits.maxTtl}</dd>
        </dl>
      )}
    </section>
  );
}

function environmentsText({ used, environments }: GetMeResponse['limits']): string {
  if (environments === null) return `${used ?? 'not known'}, without a limit`;
  return used === null ? `at most ${environments}` : `${used} of ${environments}`;
}
