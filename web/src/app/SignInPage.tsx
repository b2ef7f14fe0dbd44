import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { openSession } from '../../../src/client/index.ts';
import { dataOf } from '../api/apiProblem.ts';
import { signInQuery } from '../api/me.ts';
import { Button, buttonClass } from '../components/Button.tsx';
import form from '../components/Dialog.module.css';
import { PageHead } from '../components/PageHead.tsx';
import { RequestProblem } from '../components/Problem.tsx';
import { Skeleton } from '../components/Skeleton.tsx';
import moat from './moat.svg';
import styles from './SignInPage.module.css';

/** Why the API has sent the browser back without a session. */
const reasons: Readonly<Record<string, string>> = {
  denied: 'The sign-in was cancelled.',
  expired: 'The sign-in took too long, or began in another browser. Sign in again.',
  forbidden: 'Your account has no role in Moat. Ask an operator.',
  failed: "The sign-in failed. Sign in again; if it fails again, an operator finds the cause in Moat's log.",
};

/** Instead of every page, while nobody is signed in. */
export function SignInPage({ hadSession }: { hadSession: boolean }) {
  const { data, error, failureReason } = useQuery(signInQuery);
  const reason = reasons[new URLSearchParams(window.location.search).get('signIn') ?? ''];
  return (
    <main className={styles['page']}>
      <img src={moat} alt="" width="32" height="32" />
      <PageHead title="Sign in" />
      <p role="status">{hadSession ? 'Your session has ended. Sign in to continue on the same page.' : reason}</p>
      {error && <RequestProblem what="The ways to sign in could not be read" error={error} />}
      {!data && !error && <Skeleton what="the ways to sign in" rows={1} failure={failureReason} />}
      {data?.login && (
        <a className={buttonClass('primary')} href={`${data.login}?returnTo=${encodeURIComponent(thisPage())}`}>
          Sign in with your account
        </a>
      )}
      {data?.apiKey && <KeyForm />}
    </main>
  );
}

/** The address of the page that is shown after signing in. */
function thisPage(): string {
  const { pathname, search, hash } = window.location;
  const query = new URLSearchParams(search);
  query.delete('signIn');
  return `${pathname}${query.size > 0 ? `?${query}` : ''}${hash}`;
}

function KeyForm() {
  const [key, setKey] = useState('');
  const queryClient = useQueryClient();
  // The key becomes a session: event streams of a browser send cookies, but no header.
  const session = useMutation({
    mutationFn: () => dataOf(openSession({ headers: { authorization: `Bearer ${key}` } })),
    onSuccess: () => queryClient.invalidateQueries(),
  });
  return (
    <form
      className={form['form']}
      onSubmit={(event) => {
        event.preventDefault();
        session.mutate();
      }}
    >
      <label className={form['field']}>
        API key
        <input
          type="password"
          required
          pattern="\S+"
          autoComplete="off"
          value={key}
          onChange={({ target }) => setKey(target.value)}
        />
      </label>
      {session.error && <RequestProblem what="The key was not accepted" error={session.error} />}
      <div>
        <Button type="submit" busy={session.isPending ? 'Signing in…' : undefined}>
          Sign in with the key
        </Button>
      </div>
    </form>
  );
}
