import type { FoundGroup, SweepInputs, EnvironmentView } from '../../src/domain/sweep/inputs.ts';

export const hour = 3_600_000;
export const minute = 60_000;
export const start = Date.parse('2026-11-23T12:00:00Z');
export const subscriptionId = '11111111-2222-4333-8444-555555555555';
export const utc = (instant: number): string => new Date(instant).toISOString();

/** An environment as it truly is; its group and its workflow say the same unless a test changes one of them. */
export interface Truth {
  name: string;
  expiresAt: number;
  markedAt?: number | null;
  protected?: boolean;
  state?: EnvironmentView['state'];
}

export const groupOf = ({ name, expiresAt, markedAt, protected: kept }: Truth): FoundGroup => ({
  subscriptionId,
  group: `rg-moat-${name}`,
  location: 'westus2',
  name,
  sealed: true,
  owner: 'ana',
  spec: 'hash',
  state: 'ready',
  expiresAt: utc(expiresAt),
  markedAt: markedAt == null ? null : utc(markedAt),
  protected: kept ? 'the demo' : null,
});

export const viewOf = ({ name, expiresAt, markedAt, protected: kept, state }: Truth): EnvironmentView => ({
  name,
  subscriptionId,
  state: state ?? 'ready',
  expiresAt: utc(expiresAt),
  markedAt: markedAt == null ? null : utc(markedAt),
  protected: kept ?? false,
});

export const viewsOf = (views: readonly EnvironmentView[]): Map<string, EnvironmentView> =>
  new Map(views.map((view) => [view.name, view]));

/** An ordinary sweep at `start`, over these environments. */
export function factsOf(truths: readonly Truth[], change: Partial<SweepInputs> = {}): SweepInputs {
  const timing = { intervalMs: hour, catchUpMs: hour };
  const policy = { graceMs: 2 * hour, cap: null, subscriptionIds: [subscriptionId] };
  return {
    now: start,
    armNow: start,
    policy,
    timing,
    last: { at: start - hour, timing },
    lastPolicy: policy,
    found: truths.map(groupOf),
    views: viewsOf(truths.map(viewOf)),
    approved: null,
    ...change,
  };
}

/** Environments that are due: over for a day, marked since then. */
export const dueOnes = (count: number, prefix = 'due'): Truth[] =>
  Array.from({ length: count }, (_, i) => ({
    name: `${prefix}${i}`,
    expiresAt: start - 25 * hour - i * minute,
    markedAt: start - 24 * hour,
  }));

export const standing = (count: number): Truth[] =>
  Array.from({ length: count }, (_, i) => ({ name: `stands${i}`, expiresAt: start + hour + i * minute }));
