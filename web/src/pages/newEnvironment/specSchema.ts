import { queryOptions } from '@tanstack/react-query';
import { openapi } from '../../../../src/client/index.ts';
import { dataOf } from '../../api/apiProblem.ts';

/** What the form reads of a schema of the OpenAPI document. */
export interface Schema {
  $ref?: string;
  type?: 'object' | 'string' | 'integer' | 'number' | 'boolean' | 'array';
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  enum?: string[];
  default?: unknown;
  examples?: unknown[];
  description?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  maxLength?: number;
}

interface OpenApiDocument {
  components: { schemas: { NewEnvironment: Schema } & Record<string, Schema> };
}

/** The schema of a new environment, with its references replaced by what they refer to. */
export const specSchemaQuery = queryOptions({
  queryKey: ['specSchema'],
  queryFn: async () => {
    const { schemas } = ((await dataOf(openapi())) as unknown as OpenApiDocument).components;
    return dereference(schemas.NewEnvironment, schemas);
  },
  staleTime: 'static',
});

function dereference(schema: Schema, schemas: Record<string, Schema>): Schema {
  const target = schema.$ref === undefined ? schema : (schemas[schema.$ref.split('/').at(-1)!] ?? {});
  const { properties, items, anyOf } = target;
  return {
    ...target,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, member]) => [name, dereference(member, schemas)]),
      ),
    }),
    ...(items && { items: dereference(items, schemas) }),
    ...(anyOf && { anyOf: anyOf.map((one) => dereference(one, schemas)) }),
  };
}

/** Whether a member is entered as JSON: it may be anything, or is a list of objects. */
export const isJson = ({ type, anyOf, items }: Schema): boolean =>
  type === undefined ? anyOf === undefined : type === 'array' && items?.type !== 'string';

const units: Record<string, string> = { seconds: 'seconds', gb: 'GB' };
const abbreviations: Record<string, string> = { ttl: 'TTL', id: 'ID', dns: 'DNS' };

/** A member's name for people: `requestTimeoutSeconds` as `Request timeout (seconds)`. */
export function labelOf(member: string): string {
  const words = member
    .replaceAll(/([A-Z])/g, ' $1')
    .toLowerCase()
    .split(' ');
  const unit = words.length > 1 ? units[words.at(-1)!] : undefined;
  const text = (unit === undefined ? words : words.slice(0, -1)).map((word) => abbreviations[word] ?? word).join(' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${unit === undefined ? '' : ` (${unit})`}`;
}
