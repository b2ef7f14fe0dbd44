import type { FailureType } from '../domain/failures.ts';

const retryableTypes: readonly FailureType[] = ['InProgress', 'Busy', 'Throttled', 'Transient'];

/** A command on the jumpbox failed. */
export class JumpboxFailure extends Error {
  readonly type: FailureType;
  /** suggested remedy; empty when waiting is enough */
  readonly remedy: string;
  /** the same command may be repeated unchanged: all commands are idempotent */
  readonly retryable: boolean;
  /** the last lines of the container's log, of a local try */
  readonly log: string | undefined;
  constructor(type: FailureType, message: string, remedy = '', log?: string) {
    super(message);
    this.name = 'JumpboxFailure';
    this.type = type;
    this.remedy = remedy;
    this.log = log;
    this.retryable = retryableTypes.includes(type);
  }
}
