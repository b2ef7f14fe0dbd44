import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { startApi } from './harness.ts';

interface Media {
  schema: { $ref?: string };
  example?: unknown;
  examples?: Record<string, { $ref: string }>;
}
interface Operation {
  operationId: string;
  summary: string;
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { description: string; content?: Record<string, Media> }>;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { examples?: unknown[] }>; examples: Record<string, { value: unknown }> };
}

async function readDocument(): Promise<{ document: Document; operations: [string, Operation][] }> {
  const { app } = await startApi();
  const document: Document = (await app.inject('/openapi.json')).json();
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method} ${path}`, operation]),
  );
  return { document, operations };
}

test('docs/openapi.json is the document that the service returns (vitest -u updates it)', async () => {
  const { document } = await readDocument();
  await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot('../../docs/openapi.json');
});

test('every operation has its own ID, its path parameters and its problems', async () => {
  const { document, operations } = await readDocument();
  expect(document.openapi).toBe('3.1.0');
  const ids = operations.map(([, { operationId }]) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [where, operation] of operations) {
    const inPath = [...where.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    const declared = (operation.parameters ?? [])
      .filter((parameter) => parameter.in === 'path')
      .map(({ name }) => name);
    expect([where, declared]).toEqual([where, inPath]);
    expect([where, Object.keys(operation.responses)]).toEqual([
      where,
      expect.arrayContaining(['401', '403', '500', '503']),
    ]);
    expect([where, operation.summary]).toEqual([where, expect.stringMatching(/\w/)]);
  }
});

test('every schema is valid, every reference resolves, and every example matches its schema', async () => {
  const { document, operations } = await readDocument();
  const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { 'date-time': true } });
  ajv.addSchema(document, 'openapi');
  const check = (where: string, { schema, example, examples }: Media): void => {
    const validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/')) as object);
    const values = [
      ...(example === undefined ? [] : [example]),
      ...Object.values(examples ?? {}).map(({ $ref }) => document.components.examples[$ref.split('/').at(-1)!]?.value),
      ...(document.components.schemas[schema.$ref?.split('/').at(-1) ?? '']?.examples ?? []),
    ];
    if (where.includes('application/')) expect([where, values.length > 0]).toEqual([where, true]);
    for (const value of values) expect([where, validate(value), validate.errors]).toEqual([where, true, null]);
  };
  for (const name of Object.keys(document.components.schemas))
    ajv.compile({ $ref: `openapi#/components/schemas/${name}` });
  for (const [where, { requestBody, responses }] of operations.filter(([where]) => where !== 'get /openapi.json')) {
    for (const [type, media] of Object.entries(requestBody?.content ?? {})) check(`${where} body ${type}`, media);
    for (const [status, { content }] of Object.entries(responses))
      for (const [type, media] of Object.entries(content ?? {})) check(`${where} ${status} ${type}`, media);
  }
});
