import type { Json, JsonObject } from '../arm/model.ts';
import { asString, integer, list } from './functionArguments.ts';
import type { TemplateFunction } from './functionArguments.ts';
import { ExpressionError } from './templateErrors.ts';

/** Texts, numbers and booleans to one text, or arrays to one array. */
function concat(values: Json[]): Json {
  return Array.isArray(values[0]) ? values.flatMap((value) => list('concat', value)) : values.map(asString).join('');
}

function contains([container, item]: Json[]): boolean {
  if (typeof container === 'string') return container.includes(asString(item));
  if (Array.isArray(container)) return container.some((value) => JSON.stringify(value) === JSON.stringify(item));
  return Object.keys(container ?? {}).some((name) => name.toLowerCase() === asString(item).toLowerCase());
}

function createObject(values: Json[]): JsonObject {
  if (values.length % 2 === 1)
    throw new ExpressionError(
      "Unable to evaluate template language function 'createObject': function requires an even number of parameters.",
    );
  const object: JsonObject = {};
  for (let index = 0; index < values.length; index += 2) object[asString(values[index])] = values[index + 1] ?? null;
  return object;
}

function empty([value]: Json[]): boolean {
  if (value === null || value === undefined || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Azure docs: at most 10,000 numbers. */
function range([start, count]: Json[]): Json[] {
  const [from, length] = [integer('range', start), integer('range', count)];
  if (length >= 0 && length <= 10_000) return Array.from({ length }, (_, index) => from + index);
  throw new ExpressionError(
    `The template language function 'range' expects its second parameter to be between 0 and 10000. The provided value is '${length}'. Please see https://aka.ms/arm-functions-array#range for usage details.`,
  );
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Of objects, the members of the later one count; of arrays, each element once. */
function union(values: Json[]): Json {
  if (isObject(values[0])) return values.filter(isObject).reduce(merge, {});
  const all = values.flatMap((value) => list('union', value));
  return [...new Map(all.map((value) => [JSON.stringify(value), value])).values()];
}

function merge(one: JsonObject, other: JsonObject): JsonObject {
  const merged = { ...one };
  for (const [name, value] of Object.entries(other)) {
    const before = merged[name];
    merged[name] = isObject(before) && isObject(value) ? merge(before, value) : value;
  }
  return merged;
}

/** An element of an array, or a character of a text. */
const elementOf = (value: Json | undefined, index: number): Json =>
  (Array.isArray(value) ? value.at(index) : asString(value).at(index)) ?? (Array.isArray(value) ? null : '');

const part = (value: Json | undefined, from: number, to?: number): Json =>
  Array.isArray(value) ? value.slice(from, to) : asString(value).slice(from, to);

export const arrayFunctions: Record<string, TemplateFunction> = {
  array: ([value]) => (Array.isArray(value) ? value : [value ?? null]),
  concat,
  contains,
  createArray: (values) => values,
  createObject,
  empty,
  first: ([value]) => elementOf(value, 0),
  last: ([value]) => elementOf(value, -1),
  length: ([value]) => (typeof value === 'string' ? value.length : Object.keys(value ?? {}).length),
  range,
  skip: ([value, count]) => part(value, Math.max(0, integer('skip', count))),
  take: ([value, count]) => part(value, 0, Math.max(0, integer('take', count))),
  union,
};
