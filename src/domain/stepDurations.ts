import { predictedPercentile, usualRange } from './durations.ts';
import type { SecondsRange } from './durations.ts';
import type { StepProgress } from './progress.ts';
import type { StepId } from './steps.ts';

/**
 * Seconds on Azure from the start of each step's first task to the end of the step, by the estimates of `durations.ts`. A step that
 * starts before what it needs has ended includes that wait. A test computes the same from the sequence.
 */
export const stepEstimates: Record<StepId, SecondsRange> = {
  preflight: { min: 5, max: 20 },
  resourceGroup: { min: 1, max: 2 },
  network: { min: 40, max: 160 },
  workspace: { min: 181, max: 578 },
  jumpbox: { min: 168, max: 596 },
  image: { min: 242, max: 970 },
  endpoint: { min: 680, max: 1992 },
  verify: { min: 15, max: 60 },
  score: { min: 15, max: 60 },
};

/** With a managed network, which is provisioned in this step, beginning beside the image. */
export const networkEstimates: Partial<Record<StepId, SecondsRange>> = { endpoint: { min: 1696, max: 3664 } };

/** How long a running step usually takes. */
export interface StepUsual {
  minSeconds: number;
  maxSeconds: number;
  /** `history`: from this installation's successful first runs, so that 80 of 100 steps end in the range; `table`: estimates */
  source: 'history' | 'table';
  /** number of runs in `history`, else 0 */
  runs: number;
  /** it has been running for longer than 95 of 100 do, by at least 19 such runs; never of estimates */
  unusual: boolean;
}

/** Seconds of each step in runs that succeeded, oldest first. */
export type StepHistory = Partial<Record<StepId, number[]>>;

/** To milliseconds, the unit of the steps' times: a step takes less than a tenth of a second on a fast emulator. */
const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;

/** The usual duration of a running step; undefined for one that does not run. `timeScale`: real seconds for one of Azure's. */
export function usualOfStep(
  { id, state, since }: StepProgress,
  history: StepHistory,
  { now, timeScale, hasNetwork = false }: { now: number; timeScale: number; hasNetwork?: boolean },
): StepUsual | undefined {
  if ((state !== 'running' && state !== 'retrying') || since === null) return undefined;
  const measured = history[id] ?? [];
  const range = usualRange(measured);
  if (range) {
    const unusual = (now - Date.parse(since)) / 1000 > (predictedPercentile(measured, 0.95) ?? Infinity);
    const [minSeconds, maxSeconds] = [rounded(range.min), rounded(range.max)];
    return { minSeconds, maxSeconds, source: 'history', runs: measured.length, unusual };
  }
  const { min, max } = (hasNetwork ? networkEstimates[id] : undefined) ?? stepEstimates[id];
  return {
    minSeconds: rounded(min * timeScale),
    maxSeconds: rounded(max * timeScale),
    source: 'table',
    runs: 0,
    unusual: false,
  };
}
