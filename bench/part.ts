import type { BenchOptions } from './options.ts';

/** A measured value, with the limit that it must keep. */
export interface Row {
  /** what was measured, such as `CPU of one run` */
  measure: string;
  value: number;
  /** `s`, `ms`, `MB`, `x` for a ratio, or what is counted */
  unit: string;
  goal?: Goal;
  /** how the value came about, where the measure alone does not show it */
  note?: string;
}

export interface Goal {
  atMost?: number;
  atLeast?: number;
}

/** A diagram of lines; points are pairs of x and y. */
export interface Curve {
  /** file name without extension */
  file: string;
  title: string;
  x: string;
  y: string;
  /** logarithmic x axis */
  logarithmic?: boolean;
  series: { name: string; points: [number, number][] }[];
}

export interface PartResult {
  rows: Row[];
  curves?: Curve[];
}

/** What a part is run with. `signal` stops it: it ends its processes and throws. */
export interface PartContext {
  options: BenchOptions;
  log: (line: string) => void;
  signal: AbortSignal;
}

/** One part of the benchmark; measured and stored by itself. */
export interface Part {
  name: string;
  title: string;
  /** how to read the figures, for the generated page */
  about: string;
  /** whether `--short` includes it */
  inShort: boolean;
  run: (context: PartContext) => Promise<PartResult>;
}

/** The limit in a full run; in a short one, on any machine, a wide limit that only a regression exceeds. */
export const goalOf = ({ options }: PartContext, full: Goal, short: Goal): Goal => (options.short ? short : full);

/** Whether the value keeps its limit; true without one. */
export const isReached = ({ value, goal }: Row): boolean =>
  value <= (goal?.atMost ?? Infinity) && value >= (goal?.atLeast ?? -Infinity);
