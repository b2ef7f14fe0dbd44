import type { Json } from '../arm/model.ts';
import { ExpressionError } from './templateErrors.ts';

/** A function of the template language that depends on its arguments only. Throws ExpressionError for wrong ones. */
export type TemplateFunction = (values: Json[]) => Json;

const typeNames: Record<string, string> = { string: 'String', number: 'Integer', boolean: 'Boolean' };

/** The type of a value as messages name it. */
export function typeName(value: Json | undefined): string {
  if (value === undefined || value === null) return 'Null';
  if (Array.isArray(value)) return 'Array';
  return typeNames[typeof value] ?? 'Object';
}

const unexpected = (name: string, expected: string, value: Json | undefined): ExpressionError =>
  new ExpressionError(
    `The template language function '${name}' expects its parameter to be of type '${expected}'. The provided value is of type '${typeName(value)}'. Please see https://aka.ms/arm-functions for usage details.`,
  );

/** The argument of the function `name` as a text. Throws ExpressionError for any other type. */
export function text(name: string, value: Json | undefined): string {
  if (typeof value === 'string') return value;
  throw unexpected(name, 'String', value);
}

export function integer(name: string, value: Json | undefined): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw unexpected(name, 'Integer', value);
}

export function list(name: string, value: Json | undefined): Json[] {
  if (Array.isArray(value)) return value;
  throw unexpected(name, 'Array', value);
}

/** A value inside a text: `True` for a boolean, JSON for an object. */
export function asString(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return value === null || value === undefined ? '' : JSON.stringify(value);
}
