import type { SweepEntry, SweepPlan } from './plan.ts';
import type { SweepPolicy, SweepTiming } from './inputs.ts';
import type { StopReason } from './stopReasons.ts';

export const sweepStates = ['running', 'completed', 'stopped', 'off', 'failed'] as const;
export type SweepState = (typeof sweepStates)[number];

/** The lists of a sweep, in the order in which they are carried out and told. */
export const sweepLists = ['recover', 'mark', 'tearDown', 'waiting', 'skipped', 'foreign', 'due'] as const;
export type SweepList = (typeof sweepLists)[number];

/** An entry with what came of it: null where it is only told. */
export interface SweepResult extends SweepEntry {
  outcome: string | null;
}

/** A sweep in short. */
export interface SweepSummary {
  id: string;
  startedAt: string;
  finishedAt: string | null;
  /** it only tells */
  dryRun: boolean;
  /** `stopped`: it met what is unlike ordinary expiry and did nothing; `off`: it was switched off, before or during its work */
  state: SweepState;
  /** the stopped sweep whose list this one works on */
  approvedSweepId: string | null;
  /** sealed groups in all */
  ownedCount: number;
  counts: Record<SweepList, number>;
  stopReasons: StopReason[];
}

/** A sweep with its lists, each cut at so many entries that it can be kept: the counts tell all. */
export interface Sweep extends SweepSummary {
  lists: Record<SweepList, SweepResult[]>;
}

/** What the next sweep has to know of this one. */
export interface SweepMemo {
  /** ms since the epoch */
  at: number;
  policy: SweepPolicy;
  timing: SweepTiming;
  dryRun: boolean;
}

/** Temporal keeps two mebibytes of a result; an entry takes up to 600 bytes of it. */
export const longestList = 400;

const noCounts: Record<SweepList, number> = {
  recover: 0,
  mark: 0,
  tearDown: 0,
  waiting: 0,
  skipped: 0,
  foreign: 0,
  due: 0,
};

/** A sweep that has just begun. */
export const newSummary = (id: string, startedAt: string): SweepSummary => ({
  id,
  startedAt,
  finishedAt: null,
  dryRun: false,
  state: 'running',
  approvedSweepId: null,
  ownedCount: 0,
  counts: { ...noCounts },
  stopReasons: [],
});

const told = (entries: readonly SweepEntry[] = []): SweepResult[] =>
  entries.map((entry) => ({ ...entry, outcome: null }));

/** A plan's lists; `due` is what a stopped sweep would have begun to tear down. */
export function resultLists(plan: SweepPlan | null): Record<SweepList, SweepResult[]> {
  return {
    recover: told(plan?.recover),
    mark: told(plan?.mark),
    tearDown: told(plan?.tearDown),
    waiting: told(plan?.waiting),
    skipped: told(plan?.skipped),
    foreign: told(plan?.foreign),
    due: told(plan?.stop?.list),
  };
}
