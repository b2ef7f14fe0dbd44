import type { Failure } from '../failures.ts';
import type { SweepEntry } from './entry.ts';
import type { SweepPlan } from './plan.ts';
import type { SweepPolicy, SweepTiming } from './inputs.ts';
import type { StopReason } from './stopReasons.ts';

export const sweepStates = ['running', 'completed', 'stopped', 'off', 'failed'] as const;
export type SweepState = (typeof sweepStates)[number];

/** The lists of a sweep, in the order in which they are executed and shown. */
export const sweepLists = [
  'recover',
  'repair',
  'mark',
  'tearDown',
  'waiting',
  'skipped',
  'altered',
  'foreign',
  'due',
] as const;
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
  /** name of the caller who started or approved it; null: the schedule; absent: not recorded, by an earlier version */
  requestedBy?: string | null;
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
  /** a safety check stopped it: its settings count as not yet approved */
  stopped: boolean;
  /** when sweeps last resumed after an interruption, ms since the epoch; null: never */
  resumedAt: number | null;
  /** number of teardowns that it requested */
  teardowns: number;
}

/** Temporal stores two mebibytes of a result; an entry takes up to 600 bytes, and there are nine lists. */
export const longestList = 300;

const everyList = <T>(value: (list: SweepList) => T): Record<SweepList, T> =>
  Object.fromEntries(sweepLists.map((list) => [list, value(list)])) as Record<SweepList, T>;

/** No entries in any list. */
export const emptyLists = (): Sweep['lists'] => everyList(() => []);

/** Each list up to the length that Temporal can store. */
export const truncateLists = (lists: Sweep['lists']): Sweep['lists'] =>
  everyList((list) => lists[list].slice(0, longestList));

/** The summary of a sweep that has just started. */
export const newSummary = (id: string, startedAt: string): SweepSummary => ({
  id,
  startedAt,
  finishedAt: null,
  dryRun: false,
  state: 'running',
  approvedSweepId: null,
  ownedCount: 0,
  counts: everyList(() => 0),
  stopReasons: [],
  failure: null,
});

/** A plan's lists; `due` has the environments that a stopped sweep would have torn down. */
export const resultLists = (plan: SweepPlan | null): Sweep['lists'] =>
  everyList((list) => {
    const entries = list === 'due' ? plan?.stop?.list : plan?.[list];
    return (entries ?? []).map((entry) => ({ ...entry, outcome: null }));
  });
