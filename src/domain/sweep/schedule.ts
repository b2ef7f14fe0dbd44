import { durationOf } from '../lease.ts';
import type { SweepConfig, SweepMode } from './gateway.ts';
import { defaultCap, defaultDailyCap } from './caps.ts';

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
  policy: string[];
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
    policy: [modeText(config, paused), graceText(config), capText(config), stopText],
  };
}

function modeText({ mode, intervalMs, timeZone }: SweepConfig, paused: boolean): string {
  if (paused) return 'The schedule is paused: no sweep does anything until it is resumed.';
  if (mode === 'off') return 'Sweeps are switched off: nothing is deleted because of its age.';
  const interval = durationOf(intervalMs);
  const when = interval === '1d' ? `every day at midnight (${timeZone})` : `every ${interval}`;
  return mode === 'dry'
    ? `A sweep runs ${when}. It only reports: nothing is deleted.`
    : `A sweep runs ${when}. It searches for environments whose lease has expired.`;
}

const graceText = ({ graceMs }: SweepConfig): string =>
  graceMs === 0
    ? 'The first sweep after the expiry marks an environment. The next one requests its teardown, unless it was renewed or protected.'
    : `The first sweep after the expiry marks an environment. ${durationOf(graceMs)} later its teardown is requested, unless it was renewed or protected.`;

function capText({ cap, dailyCap }: SweepConfig): string {
  const perSweep =
    cap === null ? `${defaultCap.least}, or ${defaultCap.share} of all environments if that is more` : String(cap);
  const perDay =
    dailyCap === null
      ? `${defaultDailyCap.least}, or ${defaultDailyCap.share} of all environments if that is more`
      : String(dailyCap);
  return `One sweep requests at most so many teardowns: ${perSweep}. In 24 hours: ${perDay}.`;
}

const stopText =
  'A sweep stops before it does anything, and waits for an approval, when its plan differs from ordinary expiry: too many environments are due, a clock has jumped, settings have changed, or tags and workflows differ.';
