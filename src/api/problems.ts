import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { Static } from 'typebox';
import { Problem } from '../domain/problem.ts';
import type { ValidationError as DomainValidationError } from '../domain/problem.ts';
import { validationErrorsOf } from './validationErrors.ts';
import { problemCodes, statusOf, titleOf } from './problemKinds.ts';
import type { ApiProblemCode } from './problemKinds.ts';
import { strictObject, oneOf, ref } from './schemaHelpers.ts';
import { ReadinessCheck } from './readinessCheck.ts';
import { ValidationError } from './schemas.ts';

/** An answer lists at most so many validation errors, however many a body has. */
const maxErrors = 20;

/** Seconds after which a client should repeat a request that was answered 503 without a better estimate. */
const defaultRetryAfter = 5;

export const ProblemDocument = Object.assign(
  strictObject(
    {
      type: Type.String({ description: 'a URI that identifies the code' }),
      title: Type.String({ description: 'the same at every occurrence' }),
      status: Type.Integer({ description: 'the HTTP status' }),
      detail: Type.String({ description: 'the cause of this occurrence' }),
      code: oneOf(problemCodes, { description: 'stable: programs may match on it' }),
      instance: Type.String({ description: "a URI of this occurrence; it ends with the answer's X-Request-Id" }),
      errors: Type.Optional(
        Type.Array(ref(ValidationError), {
          maxItems: maxErrors,
          description: `every validation error; of more than ${maxErrors} the first ${maxErrors}`,
        }),
      ),
      checks: Type.Optional(Type.Array(ref(ReadinessCheck), { description: 'of `GET /readyz`' })),
    },
    { description: 'Why a request is refused (RFC 9457).' },
  ),
  { $id: 'Problem' },
);
export type ProblemDocument = Static<typeof ProblemDocument>;

/** A refusal that only the HTTP layer knows. `retryAfter` is in seconds. */
export class HttpProblem extends Error {
  readonly code: ApiProblemCode;
  readonly errors: DomainValidationError[];
  readonly checks: ReadinessCheck[] | undefined;
  readonly retryAfter: number | undefined;
  constructor(
    code: ApiProblemCode,
    message: string,
    extra: { errors?: DomainValidationError[]; checks?: ReadinessCheck[]; retryAfter?: number } = {},
  ) {
    super(message);
    this.code = code;
    this.errors = extra.errors ?? [];
    this.checks = extra.checks;
    this.retryAfter = extra.retryAfter;
  }
}

/** The document of a problem. `errors` is present only when there are some. */
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
    ...(errors.length > 0 && { errors: errors.slice(0, maxErrors) }),
  };
}

/** The one error handler. An unexpected error is logged under the request ID; the answer has only that ID. */
export function answerProblem(error: Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = refusalOf(error, request);
  if (refusal.code === 'Internal') {
    const { name } = (request.params ?? {}) as { name?: string };
    request.log.error({ err: error, ...(name !== undefined && { environment: name }) }, 'unexpected error');
  }
  if (refusal.code === 'Unauthorized') reply.header('www-authenticate', 'Bearer realm="moat"');
  const retryAfter = refusal.retryAfter ?? (statusOf[refusal.code] === 503 ? defaultRetryAfter : undefined);
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  return reply
    .code(statusOf[refusal.code])
    .type('application/problem+json')
    .send({
      ...problemDocument(refusal.code, refusal.message, request.id, refusal.errors),
      ...(refusal instanceof HttpProblem && refusal.checks && { checks: refusal.checks }),
    });
}

/** A path with a parameter that no resource can have is not found. */
const invalidPath: Readonly<Record<string, string>> = {
  '/name': 'Invalid environment name.',
  '/runId': 'Invalid run ID.',
  '/id': 'Invalid sweep ID.',
};

function refusalOf(error: Error, request: FastifyRequest): Problem | HttpProblem {
  if (error instanceof Problem || error instanceof HttpProblem) return error;
  const { validation, validationContext, statusCode = 500, code = '' } = error as Partial<FastifyError>;
  if (validation) {
    const errors = validationErrorsOf(validation);
    if (validationContext === 'body') return new Problem('InvalidBody', 'Validation failed.', { errors });
    if (validationContext === 'params')
      return new Problem('NotFound', invalidPath[errors[0]?.path ?? ''] ?? 'Invalid path.');
    return new Problem('InvalidParameters', 'Validation failed.', { errors });
  }
  if (code === 'ECONNRESET') return new HttpProblem('BadRequest', 'The connection was closed before the body ended.');
  if (code.startsWith('FST_') && statusCode < 500) {
    if (statusCode === 413)
      return new Problem(
        'PayloadTooLarge',
        `The body is larger than this operation accepts. ${request.routeOptions.config?.bodyHelp ?? ''}`.trim(),
      );
    if (statusCode === 415) return new Problem('UnsupportedMediaType', 'Send application/json.');
    return new HttpProblem('BadRequest', error.message);
  }
  return new HttpProblem('Internal', 'Internal error; see the log for this request ID.');
}
