import type { PartContext } from './part.ts';

/** Milliseconds of one call. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Milliseconds of calls one after the other; each kind of call has its turn, so that all see the same machine. */
export async function inTurns(
  { signal }: PartContext,
  count: number,
  kinds: ((n: number) => Promise<unknown>)[],
): Promise<number[][]> {
  const latencies = kinds.map((): number[] => []);
  for (let n = 0; n < count; n++)
    for (const [index, call] of kinds.entries()) {
      signal.throwIfAborted();
      latencies[index]!.push(await timed(() => call(n)));
    }
  return latencies;
}
