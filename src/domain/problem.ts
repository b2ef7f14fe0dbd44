/** Why a request is refused; the API answers it as a problem document with the status beside the code. */
export const problemStatus = {
  InvalidBody: 400,
  NotFound: 404,
  SpecConflict: 409,
  BeingDeleted: 409,
  NothingRuns: 409,
  NotReady: 409,
  NotStopped: 409,
  Cancelled: 409,
  SuffixInUse: 409,
  PayloadTooLarge: 413,
  UnsupportedMediaType: 415,
  IdempotencyKeyReused: 422,
  Protected: 423,
  AnswerTooLarge: 502,
  ScoreFailed: 502,
  Unavailable: 503,
} as const;

export type ProblemCode = keyof typeof problemStatus;

export interface ValidationError {
  /** JSON pointer into the body */
  path: string;
  message: string;
}

export class Problem extends Error {
  readonly code: ProblemCode;
  readonly errors: ValidationError[];
  /** seconds, for 503 */
  readonly retryAfter: number | undefined;
  constructor(code: ProblemCode, message: string, extra: { errors?: ValidationError[]; retryAfter?: number } = {}) {
    super(message);
    this.code = code;
    this.errors = extra.errors ?? [];
    this.retryAfter = extra.retryAfter;
  }
}
