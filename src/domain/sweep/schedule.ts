import { durationOf } from '../lease.ts';
import type { SweepConfig, SweepMode } from './gateway.ts';
import { defaultCap, defaultDailyCap } from './caps.ts';
import type { DefaultCap } from './caps.ts';

/** When sweeps run, and what they may do. */
export interface SweepSchedule {
  mode: SweepMode;
  /** the schedule is paused in Temporal, which has the effect of the mode `off` */
  paused: boolean;
  /** ISO 8601; null: no sweep is due */
  nextRunAt: string | null;
  /** a duration like `1h` */
  interval: string;
  /** IANA name: daily sweeps start at midnight in this time zone */
  timeZone: string;
  /** a duration like `2h` */
  grace: string;
  /** null: by the number of environments */
  cap: number | null;
  /** null: by the number of environments */
  dailyCap: number | null;
  /** the same in sentences, for people */
  policy: SweepPolicyText;
}

/** Each part of the policy as a sentence. */
interface SweepPolicyText {
  timing: string;
  grace: string;
  cap: string;
  dailyCap: string;
  /** when a sweep stops and waits for an approval */
  stop: string;
}

/** The schedule of these settings. `nextRunAt`: of the schedule in Temporal. */
export function sweepScheduleOf(config: SweepConfig, paused: boolean, nextRunAt: string | null): SweepSchedule {
  const { mode, intervalMs, timeZone, graceMs, cap, dailyCap } = config;
  return {
    mode,
    paused,
    nextRunAt: paused ? null : nextRunAt,
    interval: durationOf(intervalMs),
    timeZone,
    grace: durationOf(graceMs),
    cap,
    dailyCap,
    policy: {
      timing: timingText(config, paused),
      grace: graceText(graceMs),
      cap: `One sweep requests at most ${capText(cap, defaultCap)}.`,
      dailyCap: `All sweeps of 24 hours request at most ${capText(dailyCap, defaultDailyCap)}.`,
      stop: stopText,
    },
  };
}

function timingText({ mode, intervalMs, timeZone }: SweepConfig, paused: boolean): string {
  if (paused) return 'The schedule is paused: no sweep does anything until it is resumed.';
  if (mode === 'off') return 'Sweeps are switched off: nothing is deleted because of its age.';
  const when =
    durationOf(intervalMs) === '1d'
      ? `every day at midnight (${timeZone})`
      : `every ${wordsOf(intervalMs).replace(/^1 /, '')}`;
  return mode === 'dry'
    ? `A sweep runs ${when}. It only reports: nothing is deleted.`
    : `A sweep runs ${when}. It searches for environments whose lease has expired.`;
}

const graceText = (graceMs: number): string =>
  `The first sweep after the expiry marks an environment. ${graceMs === 0 ? 'The next one' : `A sweep after a grace period of ${wordsOf(graceMs)}`} requests its teardown, unless it was renewed or protected.`;

const capText = (cap: number | null, { least, share }: DefaultCap): string =>
  cap === null ? `${least} teardowns, or ${share} of all environments if that is more` : `${cap} teardowns`;

const units = { m: 'minute', h: 'hour', d: 'day' } as const;

/** Like `1 hour`, `2 hours`, `90 minutes`. */
function wordsOf(milliseconds: number): string {
  const duration = durationOf(milliseconds);
  const unit = units[duration.slice(-1) as keyof typeof units];
  const count = duration.slice(0, -1);
  return `${count} ${unit}${count === '1' ? '' : 's'}`;
}

const stopText =
  'A sweep stops before it does anything, and waits for an approval, when its plan differs from ordinary expiry: too many environments are due, a clock has jumped, settings have changed, or tags and workflows differ.';
