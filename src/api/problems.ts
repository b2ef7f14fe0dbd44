import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { Static } from 'typebox';
import { Problem } from '../domain/problem.ts';
import type { ValidationError as DomainValidationError } from '../domain/problem.ts';
import { validationErrorsOf } from './validationErrors.ts';
import { problemCodes, statusOf, titleOf } from './problemKinds.ts';
import type { ApiProblemCode } from './problemKinds.ts';
import { strictObject, oneOf, ref } from './schema.ts';
import { ValidationError } from './schemas.ts';

export const ProblemDocument = Object.assign(
  strictObject(
    {
      type: Type.String({ description: 'a URI that stands for the code' }),
      title: Type.String({ description: 'the same at every occurrence' }),
      status: Type.Integer(),
      detail: Type.String({ description: 'what is wrong this time' }),
      code: oneOf(problemCodes, { description: 'stable: programs may match on it' }),
      instance: Type.String({ description: "a URI of this occurrence; it ends with the answer's X-Request-Id" }),
      errors: Type.Optional(
        Type.Array(ref(ValidationError), { description: 'everything that is wrong with the request' }),
      ),
    },
    { description: 'Why a request is refused (RFC 9457).' },
  ),
  { $id: 'Problem' },
);
export type ProblemDocument = Static<typeof ProblemDocument>;

/** A refusal that only the HTTP layer knows. */
export class HttpProblem extends Error {
  readonly code: ApiProblemCode;
  readonly errors: DomainValidationError[];
  constructor(code: ApiProblemCode, message: string, errors: DomainValidationError[] = []) {
    super(message);
    this.code = code;
    this.errors = errors;
  }
}

/** The document of a problem. `errors` is there only when there are some. */
export function problemDocument(
  code: ApiProblemCode,
  detail: string,
  requestId: string,
  errors: DomainValidationError[] = [],
): ProblemDocument {
  return {
    type: `urn:moat:problem:${code}`,
    title: titleOf[code],
    status: statusOf[code],
    detail,
    code,
    instance: `urn:uuid:${requestId}`,
    ...(errors.length > 0 && { errors }),
  };
}

/** The one error handler. Of an unexpected error only the request's id leaves; the error itself is in the log under that id. */
export function answerProblem(error: Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = refusalOf(error);
  if (refusal.code === 'Internal') request.log.error({ err: error }, 'unexpected error');
  if (refusal.code === 'Unauthorized') reply.header('www-authenticate', 'Bearer realm="moat"');
  if (refusal instanceof Problem && refusal.retryAfter !== undefined) reply.header('retry-after', refusal.retryAfter);
  return reply
    .code(statusOf[refusal.code])
    .type('application/problem+json')
    .send(problemDocument(refusal.code, refusal.message, request.id, refusal.errors));
}

function refusalOf(error: Error): Problem | HttpProblem {
  if (error instanceof Problem || error instanceof HttpProblem) return error;
  const { validation, validationContext, statusCode = 500, code = '' } = error as Partial<FastifyError>;
  if (validation) {
    const errors = validationErrorsOf(validation);
    if (validationContext === 'body') return new Problem('InvalidBody', 'The body failed validation.', { errors });
    if (validationContext === 'params') return new Problem('NotFound', 'Nothing can have that name.');
    return new HttpProblem('InvalidParameters', 'The parameters failed validation.', errors);
  }
  if (code.startsWith('FST_') && statusCode < 500) {
    if (statusCode === 413) return new Problem('PayloadTooLarge', 'The body is larger than this operation takes.');
    if (statusCode === 415) return new Problem('UnsupportedMediaType', 'Send application/json.');
    return new HttpProblem('BadRequest', error.message);
  }
  return new HttpProblem('Internal', 'The log tells more, under the id of this request.');
}
