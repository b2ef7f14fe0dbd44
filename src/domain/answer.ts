import type { Json } from './environment.ts';

/** Float equality is not promised across library versions: the article's own check compares only the integer part. */
const relativeTolerance = 1e-6;

/** Whether a scored answer is the expected one: same shape, numbers within a relative tolerance of 1e-6. */
export function answersAlike(expected: Json, actual: Json): boolean {
  if (typeof expected === 'number' && typeof actual === 'number')
    return Math.abs(expected - actual) <= relativeTolerance * Math.max(1, Math.abs(expected));
  if (Array.isArray(expected))
    return (
      Array.isArray(actual) &&
      expected.length === actual.length &&
      expected.every((item, i) => answersAlike(item, actual[i] ?? null))
    );
  if (expected === null || typeof expected !== 'object') return expected === actual;
  if (actual === null || typeof actual !== 'object' || Array.isArray(actual)) return false;
  const members = Object.keys(expected);
  return (
    members.length === Object.keys(actual).length &&
    members.every((key) => key in actual && answersAlike(expected[key]!, actual[key]!))
  );
}
