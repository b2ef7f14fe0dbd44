import { problemStatus } from '../domain/problem.ts';
import type { ProblemCode } from '../domain/problem.ts';

/** Refusals that the HTTP layer itself knows, beside the domain's. */
const httpStatus = {
  InvalidParameters: 400,
  BadRequest: 400,
  Unauthorized: 401,
  ForeignRequest: 403,
  Internal: 500,
} as const;

export type ApiProblemCode = ProblemCode | keyof typeof httpStatus;

/** The HTTP status of every problem, by its stable code. */
export const statusOf: Readonly<Record<ApiProblemCode, number>> = { ...problemStatus, ...httpStatus };

export const problemCodes = Object.keys(statusOf) as ApiProblemCode[];

/** What a problem is called, in words that are the same at every occurrence. */
export const titleOf: Readonly<Record<ApiProblemCode, string>> = {
  InvalidBody: 'The body is not valid',
  InvalidParameters: 'The parameters are not valid',
  BadRequest: 'The request is not understood',
  Unauthorized: 'A key is required',
  ForeignRequest: 'The request comes from elsewhere',
  NotFound: 'There is no such thing',
  SpecConflict: 'The environment exists with another spec',
  BeingDeleted: 'The environment is being deleted',
  NothingRuns: 'Nothing is at work',
  NotReady: 'The environment is not ready and idle',
  Cancelled: 'The run was cancelled',
  SuffixInUse: 'The suffix is used by another environment',
  IdempotencyKeyReused: 'The idempotency key was used with another request',
  NotStopped: 'There is nothing to approve',
  PayloadTooLarge: 'The body is too large',
  UnsupportedMediaType: 'The body is not JSON',
  Protected: 'The environment is protected',
  AnswerTooLarge: "The endpoint's answer is too large",
  ScoreFailed: 'The endpoint could not be scored',
  Unavailable: 'Not available at the moment',
  Internal: 'Something went wrong',
};
