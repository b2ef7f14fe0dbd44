import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { Static } from 'typebox';
import { Problem } from '../domain/problem.ts';
import type { Fault as DomainFault } from '../domain/problem.ts';
import { faultsOf } from './faults.ts';
import { problemCodes, statusOf, titleOf } from './problemKinds.ts';
import type { ApiProblemCode } from './problemKinds.ts';
import { closed, oneOf, ref } from './schema.ts';
import { Fault } from './schemas.ts';

export const ProblemDocument = Object.assign(
  closed(
    {
      type: Type.String({ description: 'a URI that stands for the code' }),
      title: Type.String({ description: 'the same at every occurrence' }),
      status: Type.Integer(),
      detail: Type.String({ description: 'what is wrong this time' }),
      code: oneOf(problemCodes, { description: 'stable: programs may match on it' }),
      instance: Type.String({ description: "a URI of this occurrence; it ends with the answer's X-Request-Id" }),
      faults: Type.Optional(Type.Array(ref(Fault), { description: 'everything that is wrong with the request' })),
    },
    { description: 'Why a request is refused (RFC 9457).' },
  ),
  { $id: 'Problem' },
);
export type ProblemDocument = Static<typeof ProblemDocument>;

/** A refusal that only the HTTP layer knows. */
export class Refusal extends Error {
  readonly code: ApiProblemCode;
  readonly faults: DomainFault[];
  constructor(code: ApiProblemCode, message: string, faults: DomainFault[] = []) {
    super(message);
    this.code = code;
    this.faults = faults;
  }
}

/** The document of a problem. `faults` is there only when there are some. */
export function problemDocument(
  code: ApiProblemCode,
  detail: string,
  requestId: string,
  faults: DomainFault[] = [],
): ProblemDocument {
  return {
    type: `urn:moat:problem:${code}`,
    title: titleOf[code],
    status: statusOf[code],
    detail,
    code,
    instance: `urn:uuid:${requestId}`,
    ...(faults.length > 0 && { faults }),
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
    .send(problemDocument(refusal.code, refusal.message, request.id, refusal.faults));
}

function refusalOf(error: Error): Problem | Refusal {
  if (error instanceof Problem || error instanceof Refusal) return error;
  const { validation, validationContext, statusCode = 500, code = '' } = error as Partial<FastifyError>;
  if (validation) {
    const faults = faultsOf(validation);
    if (validationContext === 'body') return new Problem('InvalidBody', 'The body has faults.', { faults });
    if (validationContext === 'params') return new Problem('NotFound', 'Nothing can have that name.');
    return new Refusal('InvalidParameters', 'The parameters have faults.', faults);
  }
  if (code.startsWith('FST_') && statusCode < 500) {
    if (statusCode === 413) return new Problem('PayloadTooLarge', 'The body is larger than this operation takes.');
    if (statusCode === 415) return new Problem('UnsupportedMediaType', 'Send application/json.');
    return new Refusal('BadRequest', error.message);
  }
  return new Refusal('Internal', 'The log tells more, under the id of this request.');
}
