/** What was predicted when a step or run started, and how long it took. */
export interface Prediction {
  environment: string;
  /** a step's id, or `run` for the whole run as its plan states it */
  of: string;
  minSeconds: number;
  maxSeconds: number;
  source: 'history' | 'table';
  /** number of runs in the history */
  runs: number;
  seconds: number;
  /** the step was shown as unusual; false for a run */
  unusual: boolean;
}

export interface Coverage {
  of: string;
  count: number;
  /** shares of `count` */
  inside: number;
  below: number;
  above: number;
  unusual: number;
  /** width of the range, as a share of its middle: a range is useful when it is narrow; the mean of all */
  width: number;
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

function coverageOf(of: string, predictions: readonly Prediction[]): Coverage {
  const count = predictions.length;
  const below = predictions.filter(({ seconds, minSeconds }) => seconds < minSeconds).length;
  const above = predictions.filter(({ seconds, maxSeconds }) => seconds > maxSeconds).length;
  const widths = predictions.map(({ minSeconds, maxSeconds }) =>
    share(maxSeconds - minSeconds, (maxSeconds + minSeconds) / 2),
  );
  return {
    of,
    count,
    inside: share(count - below - above, count),
    below: share(below, count),
    above: share(above, count),
    unusual: share(predictions.filter(({ unusual }) => unusual).length, count),
    width: share(
      widths.reduce((sum, width) => sum + width, 0),
      count,
    ),
  };
}

/** The share of ends inside their range: of each step, of all steps together, and of whole runs. Only predictions from history count. */
export function coverage(predictions: readonly Prediction[]): Coverage[] {
  const judged = predictions.filter(({ source }) => source === 'history');
  const steps = judged.filter(({ of }) => of !== 'run');
  const ids = [...new Set(steps.map(({ of }) => of))];
  return [
    ...ids.map((id) =>
      coverageOf(
        id,
        steps.filter(({ of }) => of === id),
      ),
    ),
    coverageOf('all steps', steps),
    coverageOf(
      'run',
      judged.filter(({ of }) => of === 'run'),
    ),
  ];
}

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`.padStart(8);

/** One line for each row, with a heading. */
export const coverageTable = (rows: readonly Coverage[]): string =>
  [
    `${''.padEnd(14)}${'count'.padStart(7)}${['inside', 'below', 'above', 'unusual', 'width'].map((text) => text.padStart(9)).join('')}`,
    ...rows.map(
      ({ of, count, inside, below, above, unusual, width }) =>
        `${of.padEnd(14)}${String(count).padStart(7)}${[inside, below, above, unusual, width].map((value) => ` ${percent(value)}`).join('')}`,
    ),
  ].join('\n');
