import type { NewEnvironment } from '../../../../src/client/index.ts';
import { defaultText, isRequired, ownModel, shownMembers, textOf } from './draft.ts';
import type { Draft } from './draft.ts';
import { jsonError } from '../../components/jsonError.ts';
import { isJson } from './specSchema.ts';
import type { Schema } from './specSchema.ts';

/** Why a member is not accepted, by its JSON pointer. */
export type FieldErrors = Readonly<Record<string, string>>;

export interface RequestBody {
  /** without what equals its default; complete only if there are no errors */
  body: NewEnvironment;
  errors: FieldErrors;
}

/** The body of the POST that the draft describes, and what the schema refuses in it. */
export function requestBodyOf(schema: Schema, draft: Draft): RequestBody {
  const errors: Record<string, string> = {};
  const body = objectOf(schema, '', draft, errors) as unknown as NewEnvironment;
  return { body, errors };
}

function objectOf(schema: Schema, pointer: string, draft: Draft, errors: Record<string, string>) {
  const members: Record<string, unknown> = {};
  for (const [member, memberSchema] of shownMembers(schema, pointer, draft)) {
    const path = `${pointer}/${member}`;
    const value = valueOf(memberSchema, path, draft, errors);
    if (value !== undefined) members[member] = value;
    else if (isRequired(schema, member)) errors[path] ??= 'is required';
  }
  return members;
}

function valueOf(schema: Schema, path: string, draft: Draft, errors: Record<string, string>): unknown {
  if (schema.type === 'object') {
    const members = objectOf(schema, path, draft, errors);
    return Object.keys(members).length === 0 ? undefined : members;
  }
  const text = textOf(draft, path, schema).trim();
  const object = schema.anyOf?.find(({ type }) => type === 'object');
  if (object && text === ownModel) return objectOf(object, path, draft, errors);
  if (text === '' || text === defaultText(schema.default)) return undefined;
  const error = schemaError(schema, text);
  if (error !== undefined) errors[path] = error;
  return parse(schema, text);
}

function parse(schema: Schema, text: string): unknown {
  const { type } = schema;
  if (isJson(schema)) return jsonError(text) === undefined ? JSON.parse(text) : undefined;
  if (type === 'boolean') return text === 'true';
  if (type === 'array') return text.split(/[\s,]+/);
  if (type === 'integer' || type === 'number') return Number(text);
  return text;
}

/** What the schema refuses, in the words of the API: for a pattern, its description up to the first semicolon. */
function schemaError(schema: Schema, text: string): string | undefined {
  const { type, items, pattern, description, minimum, maximum, maxItems, maxLength } = schema;
  if (isJson(schema)) {
    const error = jsonError(text);
    if (error !== undefined) return `is not JSON: ${error}`;
    return type === 'array' && !Array.isArray(JSON.parse(text)) ? 'must be a list: […]' : undefined;
  }
  if (type === 'array') {
    const entries = text.split(/[\s,]+/);
    if (entries.length > (maxItems ?? Infinity)) return `must have at most ${maxItems} entries`;
    return entries.map((entry) => schemaError(items ?? {}, entry)).find((error) => error !== undefined);
  }
  if (type === 'integer' || type === 'number') {
    const value = Number(text);
    if (Number.isNaN(value) || (type === 'integer' && !Number.isInteger(value))) return `must be ${type}`;
    if (value < (minimum ?? -Infinity)) return `must be >= ${minimum}`;
    return value > (maximum ?? Infinity) ? `must be <= ${maximum}` : undefined;
  }
  if (type === 'string') {
    if (text.length > (maxLength ?? Infinity)) return `must have at most ${maxLength} characters`;
    if (pattern === undefined || new RegExp(pattern, 'u').test(text)) return undefined;
    return `must be ${description?.split(';')[0] ?? `like ${pattern}`}`;
  }
  return undefined;
}
