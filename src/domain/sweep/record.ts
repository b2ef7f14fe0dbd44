import type { Failure } from '../failures.ts';
import type { SweepEntry, SweepPlan } from './plan.ts';
import type { SweepPolicy, SweepTiming } from './inputs.ts';
import type { StopReason } from './stopReasons.ts';

export const sweepStates = ['running', 'completed', 'stopped', 'off', 'failed'] as const;
export type SweepState = (typeof sweepStates)[number];

/** The lists of a sweep, in the order in which they are executed and shown. */
export const sweepLists = ['recover', 'mark', 'tearDown', 'waiting', 'skipped', 'foreign', 'due'] as const;
export type SweepList = (typeof sweepLists)[number];

/** An entry with its outcome; null where nothing was done. */
export interface SweepResult extends SweepEntry {
  outcome: string | null;
}

/** A sweep without its lists. */
export interface SweepSummary {
  id: string;
  startedAt: string;
  finishedAt: string | null;
  /** true: the sweep only reports */
  dryRun: boolean;
  /** `stopped`: a safety check stopped the sweep before any action; `off`: sweeps were switched off before or during it */
  state: SweepState;
  /** the stopped sweep whose list `due` this one is limited to */
  approvedSweepId: string | null;
  /** sealed groups */
  ownedCount: number;
  counts: Record<SweepList, number>;
  stopReasons: StopReason[];
  /** why it failed; null unless its state is `failed` */
  failure: Failure | null;
}

/** A sweep with its lists, each truncated so that Temporal can store it; the counts are complete. */
export interface Sweep extends SweepSummary {
  lists: Record<SweepList, SweepResult[]>;
}

/** What the next sweep needs to know about this one. */
export interface SweepMemo {
  /** ms since the epoch */
  at: number;
  policy: SweepPolicy;
  timing: SweepTiming;
  dryRun: boolean;
}

/** Temporal stores two mebibytes of a result; an entry takes up to 600 bytes. */
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

/** The summary of a sweep that has just started. */
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
  failure: null,
});

const withoutOutcome = (entries: readonly SweepEntry[] = []): SweepResult[] =>
  entries.map((entry) => ({ ...entry, outcome: null }));

/** A plan's lists; `due` has the environments that a stopped sweep would have torn down. */
export function resultLists(plan: SweepPlan | null): Record<SweepList, SweepResult[]> {
  return {
    recover: withoutOutcome(plan?.recover),
    mark: withoutOutcome(plan?.mark),
    tearDown: withoutOutcome(plan?.tearDown),
    waiting: withoutOutcome(plan?.waiting),
    skipped: withoutOutcome(plan?.skipped),
    foreign: withoutOutcome(plan?.foreign),
    due: withoutOutcome(plan?.stop?.list),
  };
}
