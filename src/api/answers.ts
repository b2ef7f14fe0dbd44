import type { Static, TSchema } from 'typebox';
import { problemDocument, ProblemDocument } from './problems.ts';
import { problemCodes, statusOf, titleOf } from './problemKinds.ts';
import type { ApiProblemCode } from './problemKinds.ts';
import { ref } from './schemaHelpers.ts';
import * as examples from './examples.ts';

/** An answer in JSON, with an example for the OpenAPI document. */
export const answer = <T extends TSchema>(description: string, schema: T, example: Static<T>) => ({
  description,
  content: { 'application/json': { schema, example } },
});

/** Any operation may answer these. */
const common: readonly ApiProblemCode[] = [
  'BadRequest',
  'Unauthorized',
  'Forbidden',
  'ForeignRequest',
  'RequestTimeout',
  'TooManyRequests',
  'HeadersTooLarge',
  'Internal',
  'Unavailable',
];

/** The problems of an operation and the common ones, as responses by status. */
export function problems(...codes: ApiProblemCode[]): object {
  const byStatus = Map.groupBy([...codes, ...common], (code) => statusOf[code]);
  return Object.fromEntries([...byStatus].map(([status, group]) => [status, response([...new Set(group)])]));
}

const retryAfter = { 'Retry-After': { type: 'string', description: 'seconds after which to repeat the request' } };

const response = (codes: ApiProblemCode[]) => ({
  description: codes.map((code) => `\`${code}\`: ${titleOf[code]}`).join('; '),
  ...((codes.includes('Unavailable') || codes.includes('TooManyRequests')) && { headers: retryAfter }),
  content: {
    'application/problem+json': {
      schema: ref(ProblemDocument),
      examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
    },
  },
});

/** An example of every problem, for the components of the OpenAPI document. */
export const problemExamples = Object.fromEntries(
  problemCodes.map((code) => [
    code,
    {
      summary: titleOf[code],
      value: problemDocument(code, examples.problemDetails[code], examples.requestId, examples.problemErrors[code]),
    },
  ]),
);
