import type { ArmError } from '../../azure/parseArmError.ts';
import type { FailureType } from '../../domain/failures.ts';
import { inspectActivityLog, grantContributor } from '../../domain/remedies.ts';
import { failureRows } from './failureRows.ts';
import type { Action, FailureRow, Classification } from './failureRows.ts';

/** The row of the table that matches a failure; undefined when none does. */
export function matchingRow(error: ArmError): FailureRow | undefined {
  const errors = [{ code: error.code, message: error.message }, ...error.details];
  const messages = errors.map((one) => one.message).join('\n');
  const codes = new Set(errors.map((one) => one.code.toLowerCase()));
  return failureRows.find(
    ({ where, codes: known, text }) =>
      (where === 'anywhere' || error.operation) &&
      known.some((code) => codes.has(code)) &&
      (text?.test(messages) ?? true),
  );
}

const verdict = (type: FailureType, action: Action, remedy: string): Classification => ({ type, action, remedy });

/** Classifies an error without a matching row by its HTTP status. */
function byStatus({ status, signIn, operation }: ArmError): Classification {
  if (status === 429) return verdict('Throttled', 'wait', inspectActivityLog);
  if (status === 0 || status === 408 || (status !== null && status >= 500))
    return verdict('Transient', 'retry', inspectActivityLog);
  if (signIn) return verdict('Forbidden', 'giveUp', 'az login, or give the service a managed identity');
  if (status === 401 || status === 403) return verdict('Forbidden', 'giveUp', grantContributor);
  if (status === 404) return verdict('NotYetConsistent', 'retry', inspectActivityLog);
  // A conflict without a row may be transient: it is retried a few times.
  if (status === 409) return verdict('Unknown', 'retry', inspectActivityLog);
  if (status !== null && status >= 400) return verdict('InvalidRequest', 'giveUp', inspectActivityLog);
  // A failed operation whose code has no row may succeed when repeated.
  return verdict('Unknown', operation ? 'retry' : 'giveUp', inspectActivityLog);
}

/**
 * Classifies a failure of ARM. A 429 with Retry-After is throttling, whatever its code; a 429 without it may be a locked
 * target, which its code shows.
 */
export function classify(error: ArmError): Classification {
  const row = matchingRow(error);
  const throttled = error.status === 429 && error.retryAfterMs !== null && row?.action === 'giveUp';
  const { type, action, remedy } = row && !throttled ? row : byStatus(error);
  return { type, action, remedy };
}
