import type { SweepAction } from '../activities/sweep/sweepActivities.ts';
import type { WebhookEvent } from '../domain/webhookEvent.ts';
import { entryKey } from '../domain/sweep/entry.ts';
import type { SweepInputs } from '../domain/sweep/inputs.ts';
import type { SweepOutcome } from '../domain/sweep/gateway.ts';
import type { SweepList, SweepResult } from '../domain/sweep/record.ts';
import { sweepCommands } from './sweepProxies.ts';

/** Number of entries per activity: ten thousand entries add six hundred history events. */
const batchSize = 50;

function batchesOf<T>(entries: readonly T[]): T[][] {
  const count = Math.ceil(entries.length / batchSize);
  return Array.from({ length: count }, (_, i) => entries.slice(i * batchSize, (i + 1) * batchSize));
}

/** Executes an action for every entry, batch by batch, and records the outcomes. Stops when sweeps are switched off. */
async function executeBatches(
  entries: readonly SweepResult[],
  actionOf: (batch: SweepResult[]) => SweepAction,
): Promise<{ done: SweepResult[]; off: boolean }> {
  const done: SweepResult[] = [];
  for (const batch of batchesOf(entries)) {
    const action = actionOf(batch);
    const summary = `${action.kind} ${batch.length}`;
    const outcomes: SweepOutcome[] = await sweepCommands.executeSweepAction.executeWithOptions({ summary }, [action]);
    for (const [i, { text }] of outcomes.entries()) batch[i]!.outcome = text;
    done.push(...batch.filter((_, i) => outcomes[i]!.done));
    if (outcomes.some(({ off }) => off)) return { done, off: true };
  }
  return { done, off: false };
}

/**
 * Executes a plan's lists, orphans first. Returns the webhook events, whether sweeps were switched off meanwhile, and how many
 * teardowns it requested.
 */
export async function executeSweepActions(
  { found, now }: SweepInputs,
  lists: Record<SweepList, SweepResult[]>,
  sweep: string,
): Promise<{ events: WebhookEvent[]; off: boolean; teardowns: number }> {
  const events: WebhookEvent[] = [];
  const at = new Date(now).toISOString();
  const addEvents = (type: WebhookEvent['type'], entries: readonly SweepResult[]): unknown =>
    events.push(
      ...entries.map(({ name, subscriptionId, owner, expiresAt, reason }) => {
        const environment = { name, subscriptionId, owner, expiresAt };
        return { type, at, environment, sweep, message: reason };
      }),
    );
  addEvents('environment.sealAltered', lists.altered);
  const groups = new Map(found.map((group) => [entryKey({ ...group, name: group.name ?? '' }), group]));

  const recovered = await executeBatches(lists.recover, (entries) => ({
    kind: 'recover',
    entries: entries.map((entry) => groups.get(entryKey(entry))!),
  }));
  if (recovered.off) return { events, off: true, teardowns: 0 };
  const repaired = await executeBatches(lists.repair, (entries) => ({ kind: 'repair', entries }));
  if (repaired.off) return { events, off: true, teardowns: 0 };
  const marked = await executeBatches(lists.mark, (entries) => ({ kind: 'mark', entries, at }));
  addEvents('environment.marked', marked.done);
  if (marked.off) return { events, off: true, teardowns: 0 };
  const tornDown = await executeBatches(lists.tearDown, (entries) => ({ kind: 'tearDown', entries, sweepId: sweep }));
  addEvents('environment.teardownStarted', tornDown.done);
  return { events, off: tornDown.off, teardowns: tornDown.done.length };
}
