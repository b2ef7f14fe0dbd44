import type { SweepAction } from '../activities/sweep/sweepActivities.ts';
import type { WebhookEvent } from '../domain/webhookEvent.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import { entryKey } from '../domain/sweep/plan.ts';
import type { SweepInputs } from '../domain/sweep/inputs.ts';
import type { SweepOutcome } from '../domain/sweep/gateway.ts';
import type { SweepList, SweepResult } from '../domain/sweep/record.ts';
import { armRead, activityOptions } from './armActivities.ts';
import { sweepCommands } from './sweepActivities.ts';

/** Entries in one activity: ten thousand deeds are six hundred events. */
const batchSize = 50;

/** Of a group that is empty no resource's name has to be known. */
const anySuffix = 'unknown';

function batchesOf<T>(entries: readonly T[]): T[][] {
  const count = Math.ceil(entries.length / batchSize);
  return Array.from({ length: count }, (_, i) => entries.slice(i * batchSize, (i + 1) * batchSize));
}

/** Does a deed to every entry, batch by batch, and writes down what came of it. Ends where sweeps are switched off. */
async function each(
  entries: readonly SweepResult[],
  deedOf: (batch: SweepResult[]) => Promise<SweepAction> | SweepAction,
): Promise<{ done: SweepResult[]; off: boolean }> {
  const done: SweepResult[] = [];
  for (const batch of batchesOf(entries)) {
    const deed = await deedOf(batch);
    const summary = `${deed.kind} ${batch.length}`;
    const outcomes: SweepOutcome[] = await sweepCommands.executeSweepAction.executeWithOptions({ summary }, [deed]);
    for (const [i, { text }] of outcomes.entries()) batch[i]!.outcome = text;
    done.push(...batch.filter((_, i) => outcomes[i]!.done));
    if (outcomes.some(({ off }) => off)) return { done, off: true };
  }
  return { done, off: false };
}

/** Carries out a plan's lists, orphans first. Answers what there is to tell of it, and whether sweeps were switched off meanwhile. */
export async function executeSweepActions(
  { found, now }: SweepInputs,
  lists: Record<SweepList, SweepResult[]>,
  sweep: string,
): Promise<{ events: WebhookEvent[]; off: boolean }> {
  const events: WebhookEvent[] = [];
  const at = new Date(now).toISOString();
  const note = (type: WebhookEvent['type'], entries: readonly SweepResult[]): unknown =>
    events.push(
      ...entries.map(({ name, subscriptionId, owner, expiresAt, reason }) => {
        const environment = { name, subscriptionId, owner, expiresAt };
        return { type, at, environment, sweep, message: reason };
      }),
    );
  const groups = new Map(found.map((group) => [entryKey({ ...group, name: group.name ?? '' }), group]));

  async function adoption(entries: readonly SweepResult[]): Promise<SweepAction> {
    const { subscriptionId } = entries[0]!;
    const names = entries.map(({ name }) => name);
    const suffixes = await armRead.readSuffixes.executeWithOptions(
      activityOptions('resourceGroup', 'read', 'suffixes'),
      [{ subscriptionId, names }],
    );
    return {
      kind: 'adopt',
      entries: entries.map((entry, i) => {
        const group = groups.get(entryKey(entry))!;
        const { location } = group;
        const site: EnvironmentRef = { subscriptionId, name: entry.name, location, suffix: suffixes[i] ?? anySuffix };
        return { group, site };
      }),
    };
  }

  const bySubscription = Map.groupBy(lists.adopt, ({ subscriptionId }) => subscriptionId);
  for (const orphans of bySubscription.values()) if ((await each(orphans, adoption)).off) return { events, off: true };
  const marked = await each(lists.mark, (entries) => ({ kind: 'mark', entries, at }));
  note('environment.marked', marked.done);
  if (marked.off) return { events, off: true };
  const torn = await each(lists.tearDown, (entries) => ({ kind: 'tearDown', entries, sweepId: sweep }));
  note('environment.teardownBegun', torn.done);
  return { events, off: torn.off };
}
