import type { SweepInputs, SweepTiming } from './inputs.ts';

export const stopCodes = ['ClockJump', 'Disagreement', 'PolicyChanged', 'TooManyDue'] as const;
type StopCode = (typeof stopCodes)[number];

/** Why a safety check stopped a sweep: `code` for programs, `message` for people. */
export interface StopReason {
  code: StopCode;
  message: string;
}

/** The extent of a plan. Keys are those of `entryKey`. */
export interface SweepExtent {
  ownedCount: number;
  /** environments to tear down, in this sweep or, because of the cap, in a later one */
  due: number;
  disagreements: number;
  tearDown: readonly string[];
  /** keys of what would be torn down under the settings of the last sweep; null: there was none */
  tearDownBefore: readonly string[] | null;
}

/** ARM's Date header has whole seconds, and a list takes time; synchronised clocks differ by less than this. */
const clockToleranceMs = 5 * 60_000;
const maximumDisagreements = 3;
/** up to this number due at once is ordinary expiry, whatever the share of all environments */
const ordinaryDue = 10;

/** The safety checks that stop a sweep because its plan differs from ordinary expiry. Empty: the sweep may proceed. */
export function stopReasons(inputs: SweepInputs, extent: SweepExtent): StopReason[] {
  const found: (StopReason | undefined)[] = [
    clockJump(inputs),
    disagreement(extent),
    policyChanged(extent),
    tooManyDue(extent),
  ];
  return found.filter((reason) => reason !== undefined);
}

/** The longest time between two sweeps when none is missed, in ms. */
export const longestGapMs = (timing: SweepTiming, last: SweepTiming): number =>
  Math.max(timing.intervalMs, last.intervalMs) + Math.max(timing.catchUpMs, last.catchUpMs);

function clockJump({ now, armNow, last, timing }: SweepInputs): StopReason | undefined {
  // the negation also covers NaN
  if (!(Math.abs(now - armNow) <= clockToleranceMs))
    return { code: 'ClockJump', message: `the worker's clock shows ${utc(now)}, ARM's ${utc(armNow)}` };
  if (!last) return undefined;
  const allowedMs = longestGapMs(timing, last.timing);
  const sinceMs = now - last.at;
  if (sinceMs >= 0 && sinceMs <= allowedMs) return undefined;
  return {
    code: 'ClockJump',
    message: `the last sweep started at ${utc(last.at)}, this one at ${utc(now)}; interval and catch-up window allow ${minutes(allowedMs)} minutes between them`,
  };
}

function disagreement({ disagreements }: SweepExtent): StopReason | undefined {
  if (disagreements <= maximumDisagreements) return undefined;
  return {
    code: 'Disagreement',
    message: `tags and workflow hold different leases of ${disagreements} environments; at most ${maximumDisagreements} may be skipped`,
  };
}

function policyChanged({ tearDown, tearDownBefore }: SweepExtent): StopReason | undefined {
  if (!tearDownBefore) return undefined;
  const before = new Set(tearDownBefore);
  const more = tearDown.filter((key) => !before.has(key)).length;
  if (more === 0) return undefined;
  return {
    code: 'PolicyChanged',
    message: `the settings have changed since the last sweep; ${more} more environments are due because of that`,
  };
}

function tooManyDue({ due, ownedCount }: SweepExtent): StopReason | undefined {
  if (due <= ordinaryDue || due <= ownedCount / 2) return undefined;
  return { code: 'TooManyDue', message: `${due} of ${ownedCount} environments are due at once` };
}

const minutes = (ms: number): number => Math.round(ms / 60_000);
const utc = (instant: number): string =>
  Number.isFinite(instant) ? new Date(instant).toISOString() : 'an invalid time';
