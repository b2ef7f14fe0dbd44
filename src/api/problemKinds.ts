import type { ProblemCode } from '../domain/problem.ts';

/** Refusals that only the HTTP layer knows, beside the domain's. */
type HttpProblemCode =
  | 'BadRequest'
  | 'Unauthorized'
  | 'ForeignRequest'
  | 'RequestTimeout'
  | 'HeadersTooLarge'
  | 'TooManyRequests'
  | 'Internal';

export type ApiProblemCode = ProblemCode | HttpProblemCode;

/** The HTTP status of every problem, by its stable code. */
export const statusOf: Readonly<Record<ApiProblemCode, number>> = {
  InvalidBody: 400,
  InvalidParameters: 400,
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  ForeignRequest: 403,
  ForbiddenByPolicy: 403,
  NotFound: 404,
  NoProof: 404,
  RequestTimeout: 408,
  SpecConflict: 409,
  SuffixInUse: 409,
  AdoptionRefused: 409,
  MoveRefused: 409,
  TooManyEnvironments: 409,
  BeingDeleted: 409,
  NothingRuns: 409,
  NotReady: 409,
  NoDeployment: 409,
  NotStopped: 409,
  Cancelled: 409,
  PayloadTooLarge: 413,
  UnsupportedMediaType: 415,
  IdempotencyKeyReused: 422,
  Protected: 423,
  TooManyRequests: 429,
  HeadersTooLarge: 431,
  Internal: 500,
  AnswerTooLarge: 502,
  ScoreFailed: 502,
  PlanFailed: 502,
  LogFailed: 502,
  Unavailable: 503,
};

export const problemCodes = Object.keys(statusOf) as ApiProblemCode[];

/** The title of a problem, the same at every occurrence (RFC 9457). */
export const titleOf: Readonly<Record<ApiProblemCode, string>> = {
  InvalidBody: 'Invalid request body',
  InvalidParameters: 'Invalid parameters',
  BadRequest: 'Malformed request',
  Unauthorized: 'Authentication required',
  Forbidden: 'Not allowed',
  ForeignRequest: 'Cross-origin request refused',
  ForbiddenByPolicy: "The installation's policy does not allow it",
  NotFound: 'Not found',
  NoProof: 'The environment has no proof yet',
  RequestTimeout: 'Request not received in time',
  SpecConflict: 'The environment exists with another spec',
  SuffixInUse: 'The suffix is used by another environment',
  TooManyEnvironments: 'The owner has as many environments as the policy allows',
  BeingDeleted: 'The environment is being deleted',
  NothingRuns: 'No run in progress',
  NotReady: 'The environment is not ready and idle',
  NoDeployment: 'The environment has no deployment',
  Cancelled: 'The run was cancelled',
  NotStopped: 'The sweep has not stopped',
  PayloadTooLarge: 'Request body too large',
  UnsupportedMediaType: 'Unsupported media type',
  IdempotencyKeyReused: 'The idempotency key was used with another request',
  Protected: 'The environment is protected',
  TooManyRequests: 'Too many requests',
  HeadersTooLarge: 'Request headers too large',
  AnswerTooLarge: "The endpoint's answer is too large",
  ScoreFailed: 'Scoring failed',
  AdoptionRefused: 'The environment cannot be adopted as it is',
  MoveRefused: 'The move is not in a state that allows it',
  PlanFailed: 'The plan could not be made',
  LogFailed: 'Reading the log failed',
  Unavailable: 'Temporarily unavailable',
  Internal: 'Internal error',
};
