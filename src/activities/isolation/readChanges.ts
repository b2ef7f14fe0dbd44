import { groupName } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { ChangedBy } from '../../domain/repairRecord.ts';
import { isChangeOf } from '../../domain/repairs.ts';
import type { ActivityDeps } from '../deps.ts';

export interface ReadChangesInput {
  ref: EnvironmentRef;
  /** ISO time */
  since: string;
  /** for each of which the last change is wanted: `changed` of a planned repair */
  wanted: readonly (readonly string[])[];
}

export interface ReadChangesResult {
  /** one for each that is wanted; null where there is none */
  found: (ChangedBy | null)[];
  /** why the log could not be read; null where it could */
  unreadable: string | null;
}

/** An event, as far as it is of interest (REST reference: Activity Logs, List). */
interface ActivityEvent {
  caller?: string;
  eventTimestamp?: string;
  operationName?: { value?: string };
  resourceId?: string;
  status?: { value?: string };
}

/** Azure keeps the log for 90 days and refuses earlier times (Azure docs: activity log). */
const keptMs = 89 * 24 * 3_600_000;

/** A write or deletion that Azure accepted; other actions, like listing keys or joining a subnet, change nothing that isolates. */
const isChange = ({ caller, operationName, status }: ActivityEvent): boolean =>
  Boolean(caller) &&
  /\/(write|delete)$/i.test(operationName?.value ?? '') &&
  /^(accepted|succeeded)$/i.test(status?.value ?? '');

/**
 * Who last changed resources of the group since then, from the subscription's activity log. Moat itself changes none of them between two proofs.
 * Azure may show an event only minutes later (Azure docs: activity log). Never fails because the log cannot be read.
 */
export async function readChanges(
  { azure }: ActivityDeps,
  { ref, since, wanted }: ReadChangesInput,
): Promise<ReadChangesResult> {
  const from = new Date(Math.max(Date.parse(since), Date.now() - keptMs)).toISOString();
  try {
    const events = (await azure.generic.list(
      `/subscriptions/${ref.subscriptionId}/providers/Microsoft.Insights/eventtypes/management/values`,
      '2015-04-01',
      { $filter: `eventTimestamp ge '${from}' and resourceGroupName eq '${groupName(ref)}'` },
    )) as ActivityEvent[];
    const changes = events.filter(isChange);
    return { found: wanted.map((changed) => lastOf(changes, changed)), unreadable: null };
  } catch (thrown) {
    const { code, message } = azure.errorOf(thrown);
    return { found: wanted.map(() => null), unreadable: `the activity log could not be read: ${code}: ${message}` };
  }
}

function lastOf(changes: readonly ActivityEvent[], changed: readonly string[]): ChangedBy | null {
  const [last] = changes
    .filter(({ resourceId = '' }) => isChangeOf(changed, resourceId))
    .toSorted((a, b) => Date.parse(b.eventTimestamp ?? '') - Date.parse(a.eventTimestamp ?? ''));
  if (!last) return null;
  const { caller = '', operationName, eventTimestamp = '' } = last;
  return { caller, operation: operationName?.value ?? '', at: eventTimestamp };
}
