import { readFileSync } from 'node:fs';

/** The parts of a JSON schema that options are made of. */
export interface Schema {
  $ref?: string;
  type?: string;
  enum?: string[];
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  description?: string;
  default?: unknown;
  minimum?: number;
  maximum?: number;
}

interface Parameter {
  name: string;
  description?: string;
  schema: Schema;
}

interface Document {
  components: { schemas: Record<string, Schema> };
  paths: Record<string, Record<string, { parameters?: Parameter[] }>>;
}

let document: Document | undefined;

/** The OpenAPI document that the client is generated from. */
function openapi(): Document {
  document ??= JSON.parse(readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8')) as Document;
  return document;
}

/** A schema without a reference. */
export const resolve = (schema: Schema): Schema =>
  schema.$ref === undefined ? schema : schemaOf(schema.$ref.split('/').at(-1)!);

/** A schema by its name. */
export const schemaOf = (name: string): Schema => openapi().components.schemas[name]!;

/** A parameter of a GET, with its description in its schema. */
export function parameterOf(path: string, name: string): Schema {
  const { schema, description } = openapi().paths[path]!['get']!.parameters!.find((one) => one.name === name)!;
  return { ...schema, ...(description !== undefined && { description }) };
}
