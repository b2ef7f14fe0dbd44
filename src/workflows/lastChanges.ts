import type { ChangedBy } from '../domain/repairRecord.ts';
import type { PlannedRepair } from '../domain/repairs.ts';
import { activityOptions, armRead } from './armActivities.ts';
import type { VerifyInput } from './verifyMessages.ts';

/** Who opened what a proof has found. */
export interface LastChanges {
  /** by check */
  found: ReadonlyMap<string, ChangedBy | null>;
  /** why a check has none */
  reason: string;
}

/** Reads who last changed what the failed rows are about, since the proof before. */
export async function readLastChanges(
  { ref, since }: Pick<VerifyInput, 'ref' | 'since'>,
  planned: readonly PlannedRepair[],
): Promise<LastChanges> {
  const wanted = planned.map(({ changed }) => changed);
  const { found, unreadable } = await armRead.readChanges.executeWithOptions(
    activityOptions('verify', 'read', 'changes'),
    [{ ref, since, wanted }],
  );
  return {
    found: new Map(planned.map(({ check }, index) => [check, found[index] ?? null])),
    reason: unreadable ?? `the activity log shows no change since ${since}`,
  };
}

/** One line for each check whose last change is known. */
export const changeNotes = ({ found }: LastChanges): string[] =>
  [...found].flatMap(([check, change]) =>
    change ? [`${check}: last changed by ${change.caller} at ${change.at} (${change.operation})`] : [],
  );
