import type { FailureType } from '../domain/failures.ts';

const retryableTypes: readonly FailureType[] = ['InProgress', 'Busy', 'Transient'];

/** A command on the jumpbox failed. */
export class JumpboxFailure extends Error {
  readonly type: FailureType;
  /** what to change; empty when nothing is to be done but wait */
  readonly remedy: string;
  /** the same command may be sent again as it is: all of them are idempotent */
  readonly retryable: boolean;
  constructor(type: FailureType, message: string, remedy = '') {
    super(message);
    this.name = 'JumpboxFailure';
    this.type = type;
    this.remedy = remedy;
    this.retryable = retryableTypes.includes(type);
  }
}
