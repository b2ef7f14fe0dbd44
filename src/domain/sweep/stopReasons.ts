import type { SweepInputs } from './inputs.ts';

export const stopCodes = ['ClockJump', 'Disagreement', 'PolicyChanged', 'TooManyDue'] as const;
type StopCode = (typeof stopCodes)[number];

/** Why a sweep does nothing, for programs and for people. */
export interface StopReason {
  code: StopCode;
  message: string;
}

/** What a plan would do, in figures. Keys are those of entries. */
export interface SweepExtent {
  ownedCount: number;
  /** torn down now or, because of the cap, later */
  due: number;
  disagreements: number;
  tearDown: readonly string[];
  /** what would be torn down under the settings of the last sweep; null: there was none */
  tearDownBefore: readonly string[] | null;
}

/** ARM's Date has whole seconds, and a list takes a while; clocks that are kept differ by less than this. */
const clockToleranceMs = 5 * 60_000;
const mostDisagreements = 3;
/** so many due at once are ordinary, whatever part of the environments they are */
const ordinaryDue = 10;

/** What is unlike ordinary expiry. Empty: the sweep may go on. */
export function stopReasons(facts: SweepInputs, extent: SweepExtent): StopReason[] {
  const found: (StopReason | undefined)[] = [
    clockJump(facts),
    disagreement(extent),
    policyChanged(extent),
    tooManyDue(extent),
  ];
  return found.filter((reason) => reason !== undefined);
}

function clockJump({ now, armNow, last, timing }: SweepInputs): StopReason | undefined {
  // also when one of them is no number
  if (!(Math.abs(now - armNow) <= clockToleranceMs))
    return { code: 'ClockJump', message: `it is ${utc(now)} by our clock and ${utc(armNow)} by ARM's` };
  if (!last) return undefined;
  const allowedMs =
    Math.max(timing.intervalMs, last.timing.intervalMs) + Math.max(timing.catchUpMs, last.timing.catchUpMs);
  const sinceMs = now - last.at;
  if (sinceMs >= 0 && sinceMs <= allowedMs) return undefined;
  return {
    code: 'ClockJump',
    message: `the last sweep was at ${utc(last.at)}, and now it is ${utc(now)}: interval and catch-up allow ${minutes(allowedMs)} minutes`,
  };
}

function disagreement({ disagreements }: SweepExtent): StopReason | undefined {
  if (disagreements <= mostDisagreements) return undefined;
  return {
    code: 'Disagreement',
    message: `of ${disagreements} environments the tags tell another lease than the workflow; ${mostDisagreements} at most are skipped`,
  };
}

function policyChanged({ tearDown, tearDownBefore }: SweepExtent): StopReason | undefined {
  if (!tearDownBefore) return undefined;
  const before = new Set(tearDownBefore);
  const more = tearDown.filter((key) => !before.has(key)).length;
  if (more === 0) return undefined;
  return {
    code: 'PolicyChanged',
    message: `the settings have changed since the last sweep; ${more} more are due by that`,
  };
}

function tooManyDue({ due, ownedCount: sealed }: SweepExtent): StopReason | undefined {
  if (due <= ordinaryDue || due <= sealed / 2) return undefined;
  return { code: 'TooManyDue', message: `${due} of ${sealed} environments are due at once` };
}

const minutes = (ms: number): number => Math.round(ms / 60_000);
const utc = (instant: number): string => (Number.isFinite(instant) ? new Date(instant).toISOString() : 'no time');
