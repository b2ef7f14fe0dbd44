import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './apiProblem.ts';
import { isSignedOut, meQuery } from './me.ts';

const isTemporary = (error: Error): boolean => error instanceof ApiProblem && error.isTemporary;

/** A session that has ended shows in whatever is requested next: then the caller is read again, and the sign-in is shown. */
function onError(error: Error): void {
  const { queryKey } = meQuery;
  const hadSession = queryClient.getQueryState(queryKey)?.status === 'success';
  if (hadSession && isSignedOut(error)) void queryClient.invalidateQueries({ queryKey });
}

/** Data stays current by events; a read that cannot be answered now is repeated until it is. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      staleTime: Infinity,
      refetchOnWindowFocus: false,
      networkMode: 'always',
      retry: (_count, error) => isTemporary(error),
      retryDelay: (count) => Math.min(500 * 2 ** count, 5_000),
    },
    mutations: { networkMode: 'always' },
  },
});
