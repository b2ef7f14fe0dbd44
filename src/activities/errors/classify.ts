import type { ArmError } from '../../azure/parseArmError.ts';
import type { FailureType } from '../../domain/failures.ts';
import { parseResourceId } from '../../domain/naming.ts';
import { fillIn, grantContributor, inspectResource } from '../../domain/remedies.ts';
import { failureRows } from './failureRows/index.ts';
import type { Action, Classification, FailureRow } from './failureRows/row.ts';
import { remedyValues } from './remedyValues.ts';

interface Match {
  row: FailureRow;
  /** ARM's code that the row names; undefined where the text decided */
  code?: string;
  /** from the named groups of the row's text */
  values: Record<string, string>;
}

const entriesOf = ({ code, message, details }: ArmError) => [{ code, message }, ...details];
const textOf = (error: ArmError): string =>
  entriesOf(error)
    .map(({ code, message }) => `${code}: ${message}`)
    .join('\n');

/** The first row of the table that matches a failure; undefined when none does. `requested`: the id of the resource that was requested. */
export function findRow(error: ArmError, requested: string | null = null): Match | undefined {
  const text = textOf(error);
  const type = requested === null ? '' : (parseResourceId(requested)?.type ?? '');
  for (const row of failureRows) {
    if (row.where === 'operation' && !error.operation) continue;
    if (row.on && !row.on.test(type)) continue;
    const entry = entriesOf(error).find(({ code }) => row.codes.includes(code.toLowerCase()));
    if (row.codes.length > 0 && !entry) continue;
    const match = row.text?.exec(text);
    if (row.text && !match) continue;
    return { row, ...(entry && { code: entry.code }), values: { ...match?.groups } };
  }
  return undefined;
}

const verdict = (type: FailureType, action: Action, remedy: string): Classification => ({ type, action, remedy });

/** Classifies an error without a matching row by its HTTP status. */
function byStatus({ status, signIn, operation }: ArmError): Classification {
  if (status === 429) return verdict('Throttled', 'wait', inspectResource);
  if (status === 0 || status === 408 || (status !== null && status >= 500))
    return verdict('Transient', 'retry', inspectResource);
  if (signIn) return verdict('Forbidden', 'giveUp', 'az login, or give the service a managed identity');
  if (status === 401 || status === 403) return verdict('Forbidden', 'giveUp', grantContributor);
  if (status === 404) return verdict('NotYetConsistent', 'retry', inspectResource);
  // A conflict without a row may be transient: it is retried a few times.
  if (status === 409) return verdict('Unknown', 'retry', inspectResource);
  if (status !== null && status >= 400) return verdict('InvalidRequest', 'giveUp', inspectResource);
  // A failed operation whose code has no row may succeed when repeated.
  return verdict('Unknown', operation ? 'retry' : 'giveUp', inspectResource);
}

/**
 * Classifies a failure of ARM; `code` is the one that decided, which may be nested. A 429 with Retry-After is throttling, whatever its
 * code; a 429 without it may be a locked target, which its code shows. `requested` is the id of the resource that was requested.
 */
export function classify(error: ArmError, requested: string | null = null): Classification & { code: string } {
  const match = findRow(error, requested);
  const throttled = error.status === 429 && error.retryAfterMs !== null && match?.row.action === 'giveUp';
  const known = match && !throttled ? match : undefined;
  const { type, action, remedy, limit } = known?.row ?? byStatus(error);
  const values = { ...remedyValues(error, textOf(error), requested), ...known?.values };
  return { type, action, remedy: fillIn(remedy, values), code: known?.code ?? error.code, ...(limit && { limit }) };
}
