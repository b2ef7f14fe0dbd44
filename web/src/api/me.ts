import { queryOptions, useQuery } from '@tanstack/react-query';
import { getMe, getSignIn } from '../../../src/client/index.ts';
import type { GetMeResponse } from '../../../src/client/index.ts';
import { ApiProblem, dataOf } from './apiProblem.ts';

/** Who uses the console, and what they may do. */
export const meQuery = queryOptions({ queryKey: ['me'], queryFn: () => dataOf(getMe()) });

/** How to sign in, for those who have not. */
export const signInQuery = queryOptions({ queryKey: ['signIn'], queryFn: () => dataOf(getSignIn()) });

/** Whether a request was refused because nobody is signed in, or no longer. */
export const isSignedOut = (error: Error | null): boolean =>
  error instanceof ApiProblem && error.problem?.code === 'Unauthorized';

/** Why the caller may not use an operation, on an environment of `owner` where it changes one; undefined: they may. */
function refusalOf(me: GetMeResponse, operation: string, owner: string | null | undefined): string | undefined {
  if (!me.operations.includes(operation)) return `Your role is ${me.role}, which does not include this.`;
  if (me.changes === 'all' || typeof owner !== 'string' || owner === me.name) return undefined;
  return `Only ${owner} and operators may do this: you are ${me.name}.`;
}

/** Returns why the caller may not use an operation. While that is not known, nothing is refused here: the API decides. */
export function useRefusal(): (operation: string, owner?: string | null) => string | undefined {
  const { data: me } = useQuery(meQuery);
  return (operation, owner) => me && refusalOf(me, operation, owner);
}
