import type { Deed } from '../activities/sweep.ts';
import type { Site } from '../domain/naming.ts';
import { entryKey } from '../domain/sweep.ts';
import type { SweepFacts } from '../domain/sweepFacts.ts';
import type { Outcome } from '../domain/sweepKeeper.ts';
import type { SweepList, SweptEntry } from '../domain/sweepRecord.ts';
import { read, told } from './arm.ts';
import { deeds } from './sweepActivities.ts';

/** Entries in one activity: ten thousand deeds are six hundred events. */
const batchSize = 50;

/** Of a group that is empty no resource's name has to be known. */
const anySuffix = 'unknown';

function batchesOf<T>(entries: readonly T[]): T[][] {
  const count = Math.ceil(entries.length / batchSize);
  return Array.from({ length: count }, (_, i) => entries.slice(i * batchSize, (i + 1) * batchSize));
}

/** Does a deed to every entry, batch by batch. False: sweeps were switched off meanwhile. */
async function each(
  entries: readonly SweptEntry[],
  deedOf: (batch: SweptEntry[]) => Promise<Deed> | Deed,
): Promise<boolean> {
  for (const batch of batchesOf(entries)) {
    const deed = await deedOf(batch);
    const outcomes: Outcome[] = await deeds.carryOut.executeWithOptions({ summary: `${deed.kind} ${batch.length}` }, [
      deed,
    ]);
    for (const [i, { text }] of outcomes.entries()) batch[i]!.outcome = text;
    if (outcomes.some(({ off }) => off)) return false;
  }
  return true;
}

/** Carries out a plan's lists, orphans first, and writes down what came of each entry. False: sweeps were switched off meanwhile. */
export async function carryOut({ found, now }: SweepFacts, lists: Record<SweepList, SweptEntry[]>): Promise<boolean> {
  const groups = new Map(found.map((group) => [entryKey({ ...group, name: group.name ?? '' }), group]));

  async function adoption(entries: readonly SweptEntry[]): Promise<Deed> {
    const { subscriptionId } = entries[0]!;
    const names = entries.map(({ name }) => name);
    const suffixes = await read.readSuffixes.executeWithOptions(
      told('resourceGroup', `read the suffixes of ${names[0]} and ${names.length - 1} more`),
      [{ subscriptionId, names }],
    );
    return {
      kind: 'adopt',
      entries: entries.map((entry, i) => {
        const group = groups.get(entryKey(entry))!;
        const { location } = group;
        const site: Site = { subscriptionId, name: entry.name, location, suffix: suffixes[i] ?? anySuffix };
        return { group, site };
      }),
    };
  }

  const at = new Date(now).toISOString();
  const bySubscription = Map.groupBy(lists.adopt, ({ subscriptionId }) => subscriptionId);
  for (const orphans of bySubscription.values()) if (!(await each(orphans, adoption))) return false;
  return (
    (await each(lists.mark, (entries) => ({ kind: 'mark', entries, at }))) &&
    (await each(lists.tearDown, (entries) => ({ kind: 'tearDown', entries })))
  );
}
