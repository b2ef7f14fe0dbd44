import type { FailureType } from '../../../domain/failures.ts';

/**
 * The reaction to a failure: `wait` without a limit on attempts, `retry` a few times, `slow`: retry a few times with long delays,
 * `recreate` the resource, or `giveUp`. For a failed long operation, all but `giveUp` mean that the workflow repeats the PUT.
 */
export type Action = 'wait' | 'retry' | 'slow' | 'recreate' | 'giveUp';

/** How often a failure is retried in place of its type's usual number, and the type of the failure that is then final. */
export interface AttemptLimit {
  attempts: number;
  type: FailureType;
}

export interface Classification {
  type: FailureType;
  action: Action;
  /** suggested remedy, where the failure is permanent: what to change; angle brackets are filled in from the message and the environment */
  remedy: string;
  limit?: AttemptLimit;
}

/** A row matches when all of its conditions hold. */
export interface FailureRow extends Classification {
  /** of the error or one nested in it, in lower case; empty: any, the text decides */
  codes: readonly string[];
  /** matches one of the messages; its named groups fill in the remedy */
  text?: RegExp;
  /** matches the type of the resource that was requested */
  on?: RegExp;
  /** `operation`: only as the result of a long operation; as the answer to a request, the code means something else */
  where?: 'operation';
}

type Conditions = Pick<FailureRow, 'text' | 'on' | 'where' | 'limit'>;

/** A row for ARM's codes, separated by spaces. */
export const row = (
  codes: string,
  type: FailureType,
  action: Action,
  remedy: string,
  conditions: Conditions = {},
): FailureRow => ({ codes: codes.toLowerCase().split(/\s+/), type, action, remedy, ...conditions });

/** A row for a text: services send it with several codes, or with none. */
export const textRow = (
  text: RegExp,
  type: FailureType,
  action: Action,
  remedy: string,
  conditions: Omit<Conditions, 'text'> = {},
): FailureRow => ({ codes: [], text, type, action, remedy, ...conditions });
