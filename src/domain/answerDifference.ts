import type { Json, Tolerance } from './environment.ts';
import { defaultTolerance } from './scoreCheck.ts';

/** Where two answers differ first, and how. `path` is a JSON path. */
export interface AnswerDifference {
  path: string;
  /** null: absent */
  from: Json;
  to: Json;
}

/** The first difference between two answers to one request; null where they agree. Numbers agree within the tolerance, as with a sample's answer. */
export function answerDifference(from: Json, to: Json, tolerance: Tolerance = {}, path = '$'): AnswerDifference | null {
  if (typeof from === 'number' && typeof to === 'number')
    return numbersAgree(from, to, tolerance) ? null : { path, from, to };
  if (Array.isArray(from) && Array.isArray(to)) {
    if (from.length !== to.length) return { path: `${path}.length`, from: from.length, to: to.length };
    return firstOf(from.map((item, i) => () => answerDifference(item, to[i]!, tolerance, `${path}[${i}]`)));
  }
  if (!isObject(from) || !isObject(to)) return from === to ? null : { path, from, to };
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return firstOf(
    names.map((name) => () => {
      const below = `${path}.${name}`;
      if (!(name in from) || !(name in to)) return { path: below, from: from[name] ?? null, to: to[name] ?? null };
      return answerDifference(from[name]!, to[name]!, tolerance, below);
    }),
  );
}

const isObject = (value: Json): value is { [member: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function firstOf(comparisons: readonly (() => AnswerDifference | null)[]): AnswerDifference | null {
  for (const compare of comparisons) {
    const difference = compare();
    if (difference) return difference;
  }
  return null;
}

/** Integers are exact, up to `absolute`. */
function numbersAgree(a: number, b: number, tolerance: Tolerance): boolean {
  const { relative, absolute } = { ...defaultTolerance, ...tolerance };
  const share = Number.isInteger(a) && Number.isInteger(b) ? 0 : relative * Math.max(Math.abs(a), Math.abs(b));
  return Math.abs(a - b) <= Math.max(absolute, share);
}
