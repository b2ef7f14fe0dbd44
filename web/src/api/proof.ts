import { queryOptions } from '@tanstack/react-query';
import { readProof } from '../../../src/client/index.ts';
import type { Proof } from '../../../src/client/index.ts';
import { dataOf } from './apiProblem.ts';

const pathOf = (name: string, format: 'json' | 'html'): string => `/environments/${name}/proof?format=${format}`;

/** The signed proof as the API answers it: as a file, and as a page to print. */
export const proofPaths = (name: string) => ({ json: pathOf(name, 'json'), html: pathOf(name, 'html') });

/** The document of an environment's newest proof: the run that made it, and whether a later one failed. */
export const proofQuery = (name: string, { at }: Proof, runId: string | undefined) =>
  queryOptions({
    queryKey: ['proof', name, at, runId],
    // A run without a proof of its own leaves the key as it was.
    staleTime: 0,
    queryFn: async () => (await dataOf(readProof({ path: { name }, query: { format: 'json' } }))).document,
  });
