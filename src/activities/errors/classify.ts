import type { ArmError } from '../../azure/armErrors.ts';
import type { FailureType } from '../../domain/failures.ts';
import { inspectActivityLog, grantContributor } from '../../domain/remedies.ts';
import { failureRows } from './failureRows.ts';
import type { Action, FailureRow, Classification } from './failureRows.ts';

/** The row of the table that knows a failure; undefined when none does. */
export function matchingRow(error: ArmError): FailureRow | undefined {
  const seen = [{ code: error.code, message: error.message }, ...error.details];
  const said = seen.map((one) => one.message).join('\n');
  const codes = new Set(seen.map((one) => one.code.toLowerCase()));
  return failureRows.find(
    ({ where, codes: known, text }) =>
      (where === 'anywhere' || error.operation) && known.some((code) => codes.has(code)) && (text?.test(said) ?? true),
  );
}

const verdict = (type: FailureType, action: Action, remedy: string): Classification => ({ type, action, remedy });

/** Where no row knows the code: what the HTTP status says. */
function byStatus({ status, signIn, operation }: ArmError): Classification {
  if (status === 429) return verdict('Throttled', 'wait', inspectActivityLog);
  if (status === 0 || status === 408 || (status !== null && status >= 500))
    return verdict('Transient', 'retry', inspectActivityLog);
  if (signIn) return verdict('Forbidden', 'giveUp', 'az login, or give the service a managed identity');
  if (status === 401 || status === 403) return verdict('Forbidden', 'giveUp', grantContributor);
  if (status === 404) return verdict('NotYetConsistent', 'retry', inspectActivityLog);
  // A conflict that no row knows may pass or stay: it is tried again for a while.
  if (status === 409) return verdict('Unknown', 'retry', inspectActivityLog);
  if (status !== null && status >= 400) return verdict('InvalidRequest', 'giveUp', inspectActivityLog);
  // An operation's end with a code that no row knows: begun again a few times, it may say more.
  return verdict('Unknown', operation ? 'retry' : 'giveUp', inspectActivityLog);
}

/**
 * What a failure of ARM means and what is to be done about it. A 429 that says when to come again says nothing about the request,
 * whatever code comes with it; a locked target says so by its code, even where its status is 429.
 */
export function classify(error: ArmError): Classification {
  const row = matchingRow(error);
  const throttled = error.status === 429 && error.retryAfterMs !== null && row?.action === 'giveUp';
  const { type, action, remedy } = row && !throttled ? row : byStatus(error);
  return { type, action, remedy };
}
