import type { ProofRow } from '../../../../../src/client/index.ts';

type Origin = ProofRow['from'];

/** From where a check was made; a new origin in the API does not compile without its words. */
export const originTitles: Record<Origin, { title: string; meaning: string }> = {
  outside: { title: 'Outside', meaning: 'asked from the Internet: nothing may be open' },
  inside: { title: 'Inside', meaning: 'asked inside the virtual network: private addresses only, and they answer' },
  outward: { title: 'Outward', meaning: 'from the network to the Internet: only what is allowed connects' },
  arm: { title: 'ARM', meaning: 'as configured in Azure Resource Manager' },
};

/** The rows of a proof by their origin, as the proof orders them. */
export const groupRows = (rows: readonly ProofRow[]): [Origin, ProofRow[]][] => [
  ...Map.groupBy(rows, ({ from }) => from),
];

/** The numbers of rows by their verdict, like `12 passed · 1 failed`. */
export function verdictCounts(rows: readonly ProofRow[]): string {
  const counts = Map.groupBy(rows, ({ verdict }) => verdict);
  return [...counts].map(([verdict, { length }]) => `${length} ${verdict}`).join(' · ');
}
