import type { Spec } from '../src/domain/environment.ts';
import { contradictions } from '../src/domain/variantRules.ts';

const access = ['disabled', 'enabled'] as const;

/** What can be combined, and the values of each. */
export const dimensions = {
  isolation: ['privateEndpoints', 'managedNetwork'],
  workspacePublicNetworkAccess: access,
  endpointPublicNetworkAccess: access,
  egressPublicNetworkAccess: access,
  authMode: ['key', 'amlToken', 'aadToken'],
  served: ['custom', 'mlflow', 'noCode'],
} as const satisfies Partial<Record<keyof Spec | 'served', readonly string[]>>;

type Dimension = keyof typeof dimensions;
/** One value of each; `served`: the custom sample, the MLflow sample by an image of its own, or that without code. */
export type Combination = { [Key in Dimension]: (typeof dimensions)[Key][number] };

const combine = (keys: readonly Dimension[]): Partial<Combination>[] =>
  keys.length === 0
    ? [{}]
    : combine(keys.slice(0, -1)).flatMap((rest) =>
        dimensions[keys.at(-1)!].map((value) => ({ ...rest, [keys.at(-1)!]: value })),
      );

const keys = Object.keys(dimensions) as Dimension[];

/** All of them, in the order of the page. */
export const combinations = combine(keys) as Combination[];

/** The members of a spec. */
export const membersOf = ({ served, ...members }: Combination) => ({
  ...members,
  outboundRules: [],
  model: served === 'custom' ? ('custom' as const) : ('mlflow' as const),
  serving: served === 'noCode' ? ('noCode' as const) : ('builtImage' as const),
});

/** Ids of the rules that refuse a combination; none: it is allowed. */
export const refusedBy = (combination: Combination): string[] =>
  contradictions(membersOf(combination)).map(({ id }) => id);

/** A name for an environment of it: one letter for each value. */
export const nameOf = (combination: Combination): string => {
  const letters = { authMode: 'kae', served: 'cmn', isolation: 'pm' } as Partial<Record<Dimension, string>>;
  const letter = (key: Dimension): string =>
    (letters[key] ?? 'co')[(dimensions[key] as readonly string[]).indexOf(combination[key])]!;
  return `v-${keys.map(letter).join('')}`;
};

/** Every pair of values of two dimensions that a combination has. */
const pairsOf = (combination: Combination): string[] =>
  keys.flatMap((one, index) =>
    keys.slice(index + 1).map((other) => `${one} ${combination[one]} ${other} ${combination[other]}`),
  );

/** So many of the given combinations, each the one with the most pairs of values that those before it lack. */
export function pairwiseSample(from: readonly Combination[], count: number): Combination[] {
  const covered = new Set<string>();
  const sample: Combination[] = [];
  const added = (one: Combination): number => pairsOf(one).filter((pair) => !covered.has(pair)).length;
  while (sample.length < count) {
    const next = from.reduce((best, one) => (added(one) > added(best) ? one : best));
    sample.push(next);
    for (const pair of pairsOf(next)) covered.add(pair);
  }
  return sample;
}
