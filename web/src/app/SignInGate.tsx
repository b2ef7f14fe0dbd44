import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { isSignedOut, meQuery } from '../api/me.ts';
import { Skeleton } from '../components/Skeleton.tsx';
import { SignInPage } from './SignInPage.tsx';

/** Shows its children to whoever is signed in, or where nobody needs to; to others, how to sign in. */
export function SignInGate({ children }: { children: ReactNode }) {
  const { data, error, failureReason } = useQuery(meQuery);
  if (isSignedOut(error)) return <SignInPage hadSession={data !== undefined} />;
  // Where something fails, the pages report it.
  if (!data && !error && !failureReason) return <Skeleton what="your rights" />;
  return children;
}
