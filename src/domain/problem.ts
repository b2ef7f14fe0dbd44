/** Why a request is refused. The API maps each code to an HTTP status (src/api/problemKinds.ts). */
export type ProblemCode =
  | 'InvalidBody'
  | 'InvalidParameters'
  | 'Forbidden'
  | 'ForbiddenByPolicy'
  | 'NotFound'
  | 'NoProof'
  | 'SpecConflict'
  | 'SuffixInUse'
  | 'TooManyEnvironments'
  | 'BeingDeleted'
  | 'NothingRuns'
  | 'NotReady'
  | 'NoDeployment'
  | 'NotStopped'
  | 'Cancelled'
  | 'PayloadTooLarge'
  | 'UnsupportedMediaType'
  | 'IdempotencyKeyReused'
  | 'Protected'
  | 'AnswerTooLarge'
  | 'ScoreFailed'
  | 'PlanFailed'
  | 'AdoptionRefused'
  | 'MoveRefused'
  | 'LogFailed'
  | 'Unavailable';

export interface ValidationError {
  /** JSON pointer into the body or the parameters */
  path: string;
  message: string;
}

/** A refused request. `retryAfter` is in seconds. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly errors: ValidationError[];
  readonly retryAfter: number | undefined;
  constructor(code: ProblemCode, message: string, extra: { errors?: ValidationError[]; retryAfter?: number } = {}) {
    super(message);
    this.code = code;
    this.errors = extra.errors ?? [];
    this.retryAfter = extra.retryAfter;
  }
}
