import { InvalidArgumentError, Option } from 'commander';
import type { Schema } from './openapi.ts';

/** `maxConcurrentRequests` as `max-concurrent-requests`. */
export const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function integerWithin({ minimum = -Infinity, maximum = Infinity }: Schema) {
  return (text: string): number => {
    const value = Number(text);
    if (/^-?\d+$/.test(text) && value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`It must be an integer from ${minimum} to ${maximum}.`);
  };
}

const defaultText = ({ default: value }: Schema): string => (Array.isArray(value) ? value.join(',') : String(value));

function descriptionOf(schema: Schema): string {
  const { description = '', default: value, type } = schema;
  // an option without a value is true where it is given
  if (type === 'boolean') return description.replace(/^true: /, '');
  return value === undefined ? description : `${description} (default: ${defaultText(schema)})`;
}

const placeholderOf = ({ type }: Schema): string => (type === 'integer' ? 'number' : type === 'array' ? 'a,b' : 'text');

/** The option that a schema describes: its choices, its range, its default. Moat itself checks what is more than that. */
export function schemaOption(name: string, schema: Schema, placeholder = placeholderOf(schema)): Option {
  if (schema.type === 'boolean') return new Option(`--${kebab(name)}`, descriptionOf(schema));
  const option = new Option(`--${kebab(name)} <${placeholder}>`, descriptionOf(schema));
  const choices = schema.enum ?? schema.anyOf?.find((one) => one.enum)?.enum;
  if (choices) return option.choices(choices);
  if (schema.type === 'integer') return option.argParser(integerWithin(schema));
  if (schema.type === 'array') return option.argParser((text: string) => text.split(',').filter(Boolean));
  return option;
}
