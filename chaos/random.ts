/** A seeded random generator: equal seeds give equal values. */
export interface Random {
  /** from 0 up to but not including 1 */
  next(): number;
  /** a whole number from `low` to `high`, both included */
  between(low: number, high: number): number;
  pick<T>(from: readonly T[]): T;
  shuffled<T>(list: readonly T[]): T[];
  /** one of the keys, with a probability proportional to its weight */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K;
}

/** Mulberry32, a generator with 32 bits of state: small, fast and sufficient for test decisions. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    between,
    pick: (from) => from[between(0, from.length - 1)]!,
    shuffled: (list) =>
      list
        .map((item) => ({ item, rank: next() }))
        .toSorted((a, b) => a.rank - b.rank)
        .map(({ item }) => item),
    weighted(weights) {
      const rows = Object.entries(weights) as [keyof typeof weights, number][];
      let remaining = next() * rows.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [key, weight] of rows) if ((remaining -= weight) < 0) return key;
      return rows.at(-1)![0];
    },
  };
}
