/** Functions over lists of numbers. All throw RangeError for an empty list. */

function sorted(values: readonly number[]): number[] {
  if (values.length === 0) throw new RangeError('no values');
  return values.toSorted((a, b) => a - b);
}

/** The smallest value that at least this share (0 to 1) of the values does not exceed (nearest rank). */
export function quantile(values: readonly number[], share: number): number {
  const ascending = sorted(values);
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)]!;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The straight line through the points with the smallest squares of errors. Throws RangeError unless two points have different x. */
export function fitLine(points: readonly (readonly [x: number, y: number])[]): { slope: number; intercept: number } {
  const n = points.length;
  const meanX = sum(points.map(([x]) => x)) / n;
  const meanY = sum(points.map(([, y]) => y)) / n;
  const spread = sum(points.map(([x]) => (x - meanX) ** 2));
  if (!(spread > 0)) throw new RangeError('a line needs two different x');
  const slope = sum(points.map(([x, y]) => (x - meanX) * (y - meanY))) / spread;
  return { slope, intercept: meanY - slope * meanX };
}
