import type { ArmError } from '../../azure/parseArmError.ts';
import type { FailureType } from '../../domain/failures.ts';
import { inspectActivityLog, grantContributor } from '../../domain/remedies.ts';
import { failureRows } from './failureRows.ts';
import type { Action, FailureRow, Classification } from './failureRows.ts';

/** The row of the table that matches a failure; undefined when none does. */
export function matchingRow(error: ArmError): FailureRow | undefined {
  const seen = [{ code: error.code, message: error.message }, ...error.details];
  const messages = seen.map((one) => one.message).join('\n');
  const codes = new Set(seen.map((one) => one.code.toLowerCase()));
  return failureRows.find(
    ({ where, codes: known, text }) =>
      (where === 'anywhere' || error.operation) &&
      known.some((code) => codes.has(code)) &&
      (text?.test(messages) ?? true),
  );
}

const verdict = (type: FailureType, action: Action, remedy: string): Classification => ({ type, action, remedy });

/** Where no row has the code: by the status of the answer. */
function byStatus({ status, signIn, operation }: ArmError): Classification {
  if (status === 429) return verdict('Throttled', 'wait', inspectActivityLog);
  if (status === 0 || status === 408 || (status !== null && status >= 500))
    return verdict('Transient', 'retry', inspectActivityLog);
  if (signIn) return verdict('Forbidden', 'giveUp', 'az login, or give the service a managed identity');
  if (status === 401 || status === 403) return verdict('Forbidden', 'giveUp', grantContributor);
  if (status === 404) return verdict('NotYetConsistent', 'retry', inspectActivityLog);
  // A conflict without a row may pass or not: it is retried for a while.
  if (status === 409) return verdict('Unknown', 'retry', inspectActivityLog);
  if (status !== null && status >= 400) return verdict('InvalidRequest', 'giveUp', inspectActivityLog);
  // An operation that failed with a code without a row: a few retries may show more.
  return verdict('Unknown', operation ? 'retry' : 'giveUp', inspectActivityLog);
}

/**
 * Classifies a failure of ARM. A 429 with Retry-After says nothing about the request, whatever its code; a locked target is
 * classified by its code, even where its status is 429.
 */
export function classify(error: ArmError): Classification {
  const row = matchingRow(error);
  const throttled = error.status === 429 && error.retryAfterMs !== null && row?.action === 'giveUp';
  const { type, action, remedy } = row && !throttled ? row : byStatus(error);
  return { type, action, remedy };
}
