import type { FoundGroup, SweepInputs, EnvironmentView } from '../../src/domain/sweep/inputs.ts';

export const hour = 3_600_000;
export const minute = 60_000;
export const start = Date.parse('2026-11-23T12:00:00Z');
export const subscriptionId = '11111111-2222-4333-8444-555555555555';
export const utc = (instant: number): string => new Date(instant).toISOString();

/** An environment. `groupOf` and `viewOf` derive consistent tags and a consistent workflow view from it. */
export interface TestEnvironment {
  name: string;
  expiresAt: number;
  markedAt?: number | null;
  protected?: boolean;
  state?: EnvironmentView['state'];
}

export const groupOf = ({ name, expiresAt, markedAt, protected: isProtected }: TestEnvironment): FoundGroup => ({
  subscriptionId,
  group: `rg-moat-${name}`,
  location: 'westus2',
  name,
  seal: 'own',
  owner: 'ana',
  spec: 'hash',
  state: 'ready',
  expiresAt: utc(expiresAt),
  markedAt: markedAt == null ? null : utc(markedAt),
  protected: isProtected ? 'the demo' : null,
});

export const viewOf = ({
  name,
  expiresAt,
  markedAt,
  protected: isProtected,
  state,
}: TestEnvironment): EnvironmentView => ({
  name,
  subscriptionId,
  state: state ?? 'ready',
  expiresAt: utc(expiresAt),
  markedAt: markedAt == null ? null : utc(markedAt),
  protected: isProtected ?? false,
});

export const viewsOf = (views: readonly EnvironmentView[]): Map<string, EnvironmentView> =>
  new Map(views.map((view) => [view.name, view]));

/** The inputs of a regular sweep at `start` over these environments. */
export function sweepInputsOf(
  environments: readonly TestEnvironment[],
  change: Partial<SweepInputs> = {},
): SweepInputs {
  const timing = { intervalMs: hour, catchUpMs: hour };
  const policy = { graceMs: 2 * hour, cap: null, dailyCap: null, subscriptionIds: [subscriptionId] };
  return {
    now: start,
    armNow: start,
    policy,
    timing,
    last: { at: start - hour, timing },
    lastReal: { at: start - hour, timing, resumedAt: null },
    lastPolicy: policy,
    recentTeardowns: 0,
    found: environments.map(groupOf),
    views: viewsOf(environments.map(viewOf)),
    approved: null,
    ...change,
  };
}

/** Environments to tear down: expired a day ago and marked an hour later, oldest last. */
export const dueEnvironments = (count: number, prefix = 'due'): TestEnvironment[] =>
  Array.from({ length: count }, (_, i) => ({
    name: `${prefix}${i}`,
    expiresAt: start - 25 * hour - i * minute,
    markedAt: start - 24 * hour,
  }));

/** Environments whose lease has not expired. */
export const liveEnvironments = (count: number): TestEnvironment[] =>
  Array.from({ length: count }, (_, i) => ({ name: `live${i}`, expiresAt: start + hour + i * minute }));
