import type { LocalTry } from './environment.ts';
import type { FailureType } from './failures.ts';
import { correctScript, quoteAnswer, wrongAnswer } from './scoreCheck.ts';
import type { Comparison } from './scoreCheck.ts';

/** The answer of the image's container on the jumpbox to the sample request, whatever it is. */
export interface LocalTryOutcome extends LocalTry {
  /** null unless the status is 200 */
  comparison: Comparison | null;
  /** what the client reports where the container gave no answer; the status is 0 then */
  error: string | null;
}

const correctByLog = `read the container's log in the failure, ${correctScript}. Where the jumpbox is the cause, POST it with "tryLocally": false`;

/** Why the image is not deployed; undefined when the answer was the expected one. */
export function localTryFailure(
  outcome: LocalTryOutcome,
): { type: FailureType; message: string; remedy: string } | undefined {
  const { status, comparison, error } = outcome;
  if (comparison?.verdict === 'alike') return undefined;
  const { message, remedy } = comparison ? wrongAnswer(comparison) : { message: '', remedy: correctByLog };
  const parts = error === null ? [`HTTP ${status}`, message, quoteAnswer(outcome)] : ['no answer', error];
  const reason = parts.filter((part) => part !== '').join('; ');
  return { type: 'WrongAnswer', message: `local try on the jumpbox, before a deployment exists: ${reason}`, remedy };
}
