import type { StepProgress } from '../../../../../../src/client/index.ts';
import { tickStep, timeScale } from './timeScale.ts';
import type { TimeScale } from './timeScale.ts';

export interface Bar {
  id: string;
  from: number;
  to: number;
  /** until when a running step usually takes at most; null: unknown, or over */
  expectedEnd: number | null;
  isCritical: boolean;
  isFailed: boolean;
}

export interface Bars {
  bars: readonly Bar[];
  scale: TimeScale;
  start: number;
}

/** The steps that have begun as bars on a scale; undefined before the first. */
export function barsOf(
  steps: readonly StepProgress[],
  path: ReadonlySet<string> | undefined,
  now: number,
): Bars | undefined {
  const bars = steps.flatMap((step): Bar[] => {
    const { id, since, finishedAt, usual, state } = step;
    if (since === null) return [];
    const from = Date.parse(since);
    const to = finishedAt === null ? Math.max(now, from) : Date.parse(finishedAt);
    const expected = finishedAt === null && usual ? from + usual.maxSeconds * 1_000 : 0;
    return [
      {
        id,
        from,
        to,
        expectedEnd: expected > to ? expected : null,
        isCritical: path?.has(id) ?? true,
        isFailed: state === 'failed',
      },
    ];
  });
  if (bars.length === 0) return undefined;
  const start = Math.min(...bars.map(({ from }) => from));
  const isRunning = steps.some(({ since, finishedAt }) => since !== null && finishedAt === null);
  const end = Math.max(...bars.map(({ to, expectedEnd }) => expectedEnd ?? to));
  const events = steps
    .flatMap(({ since, finishedAt }) => [since, finishedAt])
    .flatMap((time) => (time === null ? [] : [Date.parse(time)]));
  return { bars, start, scale: timeScale(start, isRunning ? roundedEnd(start, end) : end, events) };
}

/** While time passes the scale changes in steps, so that the bars keep their places. */
function roundedEnd(start: number, end: number): number {
  const step = tickStep(end - start);
  return start + Math.ceil((end - start) / step) * step;
}
