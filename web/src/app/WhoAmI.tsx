import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { signOut } from '../../../src/client/index.ts';
import { dataOf } from '../api/apiProblem.ts';
import { meQuery } from '../api/me.ts';
import styles from './WhoAmI.module.css';

/** Who is signed in, with a button to sign out; nothing where nobody needs to sign in. */
export function WhoAmI() {
  const { data: me } = useQuery(meQuery);
  const queryClient = useQueryClient();
  const signingOut = useMutation({
    mutationFn: () => dataOf(signOut()),
    // Nothing that was read remains for whoever uses the browser next.
    onSuccess: () => queryClient.resetQueries(),
  });
  if (!me || me.via === 'local') return null;
  return (
    <div className={styles['me']}>
      <span className={styles['name']} title={me.name}>
        {me.name}
      </span>
      <span>{me.role}</span>
      {me.via === 'session' && (
        <button type="button" disabled={signingOut.isPending} onClick={() => signingOut.mutate()}>
          Sign out
        </button>
      )}
    </div>
  );
}
