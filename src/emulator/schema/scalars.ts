import type { Json } from '../arm/model.ts';
import { classAt, refuse } from './bodyFault.ts';
import type { Place } from './bodyFault.ts';
import { enumKey } from './shapes.ts';

/** Values without members, as Newtonsoft.Json reads them: numbers and booleans in texts are converted, and the other way. */

const tokenOf = (value: Json): string => (Array.isArray(value) ? 'StartArray' : 'StartObject');

/** A value in a message. */
export const shown = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** @throws BodyFault for an object or a list */
export function readText(value: Json, above: Place, key: string | number): Json {
  if (typeof value === 'string' || value === null) return value;
  if (typeof value !== 'object') return String(value);
  return refuse('type', { above, key }, `Error reading string. Unexpected token: ${tokenOf(value)}.`);
}

/** @throws BodyFault for what is no number, or not a whole one where that is asked for */
export function readNumber(kind: 'integer' | 'number', value: Json, above: Place, key: string | number): Json {
  if (value === null) return null;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && (kind === 'integer' ? Number.isInteger(number) : !Number.isNaN(number)))
    return number;
  const what =
    typeof value === 'string'
      ? `Could not convert string to ${kind}: ${value}.`
      : typeof value === 'number'
        ? `Input string '${value}' is not a valid integer.`
        : `Error reading ${kind}. Unexpected token: ${typeof value === 'boolean' ? 'Boolean' : tokenOf(value)}.`;
  return refuse('type', { above, key }, what);
}

/** @throws BodyFault for what is neither true nor false */
export function readBoolean(value: Json, above: Place, key: string | number): Json {
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return value !== 0;
  if (typeof value !== 'string')
    return refuse('type', { above, key }, `Error reading boolean. Unexpected token: ${tokenOf(value)}.`);
  if (/^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  return refuse('type', { above, key }, `Could not convert string to boolean: ${value}.`);
}

/** The value as Azure spells it. @throws BodyFault for another one */
export function readEnum(spelled: ReadonlyMap<string, string>, value: Json, above: Place, key: string | number): Json {
  // an empty text is no value
  if (value === null || value === '') return null;
  const known = typeof value === 'string' ? (spelled.get(value) ?? spelled.get(enumKey(value))) : undefined;
  if (known !== undefined) return known;
  const place = { above, key };
  if (typeof value === 'object')
    return refuse('type', place, `Error reading string. Unexpected token: ${tokenOf(value)}.`);
  return refuse('value', place, `Error converting value "${shown(value)}" to type '${classAt(place)}'.`);
}
