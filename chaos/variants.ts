import type { Spec } from '../src/domain/environment.ts';
import type { IsolationSpec } from '../src/domain/isolationSpec.ts';
import { combinations, membersOf, refusedBy } from '../variants/combinations.ts';
import type { Random } from './random.ts';

/** The members of a POST body that a scenario varies. */
export type Variant = IsolationSpec & Pick<Spec, 'model' | 'tryLocally'>;

/** Every combination that no rule refuses. */
export const allowedVariants: readonly Variant[] = combinations
  .filter((combination) => refusedBy(combination).length === 0)
  .map((combination) => ({ ...membersOf(combination), tryLocally: false }));

/** What of a team's resources an environment uses. A workspace brings what belongs to it. */
export const broughtSets = {
  none: [],
  zones: ['privateDnsZones'],
  registry: ['registry'],
  storage: ['storageAccount'],
  vault: ['vault'],
  insights: ['applicationInsights'],
  network: ['subnet', 'privateDnsZones'],
  identity: ['identity'],
  workspace: ['workspace', 'registry', 'storageAccount', 'vault'],
  everything: ['workspace', 'registry', 'storageAccount', 'vault', 'subnet', 'identity', 'privateDnsZones'],
} as const satisfies Record<string, readonly string[]>;

export type BroughtSet = keyof typeof broughtSets;

const weights = {
  none: 10,
  zones: 2,
  registry: 1,
  storage: 1,
  vault: 1,
  insights: 1,
  network: 2,
  identity: 1,
  workspace: 2,
  everything: 3,
} satisfies Record<BroughtSet, number>;

/** Whether an environment can use resources that are closed, in a workspace without a managed network. */
const fitsBrought = ({ isolation, egressPublicNetworkAccess, workspacePublicNetworkAccess }: Variant): boolean =>
  isolation === 'privateEndpoints' &&
  egressPublicNetworkAccess === 'disabled' &&
  workspacePublicNetworkAccess === 'disabled';

/** A variant, and what of the team's it uses; nothing where it is kept until the end. */
export function planVariant(random: Random, isKept: boolean): { variant: Variant; brought: BroughtSet } {
  const brought = isKept ? 'none' : random.weighted<BroughtSet>(weights);
  const variant = random.pick(brought === 'none' ? allowedVariants : allowedVariants.filter(fitsBrought));
  const outboundRules =
    variant.isolation === 'managedNetwork' && variant.egressPublicNetworkAccess === 'disabled' && random.next() < 0.3
      ? [{ name: 'packages', type: 'fqdn' as const, destination: 'packages.example.org' }]
      : [];
  const tryLocally = variant.serving === 'builtImage' && random.next() < 0.3;
  return { variant: { ...variant, tryLocally, outboundRules }, brought };
}
