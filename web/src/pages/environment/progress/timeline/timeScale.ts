interface Interval {
  from: number;
  to: number;
}

export interface TimeScale {
  /** Where a time is, from 0 to 100. */
  at: (time: number) => number;
  ticks: readonly number[];
  /** Long waits in which no step began or ended, drawn shorter than they are. */
  folds: readonly Interval[];
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const tickSteps = [1, 2, 5, 10, 15, 30]
  .map((seconds) => seconds * second)
  .concat(
    [1, 2, 5, 10, 15, 30].map((minutes) => minutes * minute),
    [1, 2, 6, 12, 24].map((hours) => hours * hour),
  );
const maxTicks = 8;
const longWait = 2 * minute;

/** The distance between the ticks of a timeline. */
export const tickStep = (length: number): number =>
  tickSteps.find((step) => length / step <= maxTicks) ?? Math.ceil(length / maxTicks / hour) * hour;

/**
 * A scale from `start` to `end`. `events`: when steps began and ended; a wait between two of them
 * that is longer than a third of the whole, and than two minutes, is folded.
 */
export function timeScale(start: number, end: number, events: readonly number[]): TimeScale {
  const bounds = [...new Set([start, ...events, end])]
    .filter((time) => time >= start && time <= end)
    .toSorted((a, b) => a - b);
  const length = Math.max(1, end - start);
  const lastEvent = Math.max(start, ...events);
  const segments = bounds.slice(1).map((to, i) => {
    const from = bounds[i]!;
    const isFolded = to - from > Math.max(longWait, length / 3) && to <= lastEvent && bounds.length > 2;
    return { from, to, isFolded, drawn: isFolded ? (length - (to - from)) / 2 : to - from };
  });
  const total = segments.reduce((sum, { drawn }) => sum + drawn, 0) || 1;
  const at = (time: number): number => {
    const before = segments.filter(({ to }) => to <= time).reduce((sum, { drawn }) => sum + drawn, 0);
    const inside = segments.find(({ from, to }) => from <= time && time < to);
    const part = inside ? ((time - inside.from) / (inside.to - inside.from)) * inside.drawn : 0;
    return (100 * (before + part)) / total;
  };
  const folds = segments.filter(({ isFolded }) => isFolded);
  const isInFold = (time: number): boolean => folds.some(({ from, to }) => from < time && time < to);
  const step = tickStep(length);
  const ticks = Array.from({ length: Math.floor(length / step) + 1 }, (_, i) => start + i * step);
  return { at, folds, ticks: ticks.filter((time) => !isInFold(time)) };
}
