import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './apiProblem.ts';

const isTemporary = (error: Error): boolean => error instanceof ApiProblem && error.isTemporary;

/** Data stays current by events; a read that cannot be answered now is repeated until it is. */
export const queryClient = new QueryClient({
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
