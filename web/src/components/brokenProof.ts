import type { Proof } from '../../../src/client/index.ts';

/** How a proof shows that the isolation is broken, in one sentence; undefined where it does not. */
export function brokenText(proof: Proof | null): string | undefined {
  const [first, ...others] = proof?.rows.filter(({ verdict }) => verdict === 'failed') ?? [];
  if (!first) return undefined;
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  return `isolation is broken: ${first.check}: ${first.observed}${more}`;
}
