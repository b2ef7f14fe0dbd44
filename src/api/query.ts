import Type from 'typebox';
import type { TObject, TSchema } from 'typebox';
import { nullable } from './schemaHelpers.ts';

/** The query parameter `cursor` of a list, and the member of the page that it comes from. */
export const Cursor = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 2000,
    description: '`nextCursor` of the previous page, with the same filters',
  }),
);
export const NextCursor = nullable(
  Type.String({ description: 'for the next page, which can be empty; null: there is none' }),
);

/**
 * A query with its decimal integers and `true` or `false` as values, where the schema has such members. Anything else stays a string, for the
 * schema to refuse: `0x10`, `1e1` and `true` are no integers.
 */
export function convertQuery(schema: TObject, query: unknown): unknown {
  return Object.fromEntries(
    Object.entries(query as Record<string, unknown>).map(([name, value]) => [
      name,
      converted((schema.properties[name] as TSchema & { type?: string })?.type, value),
    ]),
  );
}

function converted(type: string | undefined, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (type === 'integer' && /^-?(0|[1-9][0-9]{0,8})$/.test(value)) return Number(value);
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}
