import { isCancellation } from '@temporalio/workflow';
import type { ReadChangesResult } from '../activities/isolation/readChanges.ts';
import type { Failure } from '../domain/failures.ts';
import type { Repair } from '../domain/repairRecord.ts';
import type { PlannedRepair } from '../domain/repairs.ts';
import { activityOptions, armRead } from './armActivities.ts';
import { removeBuildInternetRule } from './buildInternetRule.ts';
import { ensureResource } from './ensureResource.ts';
import type { VerifyInput } from './messages.ts';
import { retry } from './retry.ts';
import { failureOf, unwrapCancellation } from './runFailure.ts';

type RepairRun = Pick<VerifyInput, 'ref' | 'workspacePublicNetworkAccess' | 'since'>;

interface Repaired {
  repairs: Repair[];
  /** of resources that could not be written; each message names its checks */
  unrepaired: Failure[];
}

/**
 * Writes the planned state of what was opened, and records who opened it. One resource that cannot be written prevents no other repair. The
 * activities change nothing in a group without the installation's seal.
 */
export async function repairDrift(run: RepairRun, planned: readonly PlannedRepair[]): Promise<Repaired> {
  const { found, reason } = await whoChanged(run, planned);
  const repaired: Repaired = { repairs: [], unrepaired: [] };

  async function close(repairs: readonly PlannedRepair[]): Promise<void> {
    try {
      await write(run, repairs[0]!);
    } catch (thrown) {
      const error = unwrapCancellation(thrown);
      if (isCancellation(error)) throw error;
      const failure = failureOf(error, 'verify', run.ref);
      const checks = repairs.map(({ check }) => check).join(', ');
      repaired.unrepaired.push({ ...failure, message: `not repaired: ${checks}: ${failure.message}` });
      return;
    }
    const at = new Date().toISOString();
    for (const { check, id, action } of repairs) {
      const changedBy = found.get(check) ?? null;
      repaired.repairs.push({ check, resource: id, action, changedBy, reason: changedBy ? null : reason, at });
    }
  }

  // the rule of the image build after its security group: writes on both would hinder each other
  const [deleted, written] = [planned.filter(isDeletion), planned.filter((one) => !isDeletion(one))];
  await Promise.all([...Map.groupBy(written, ({ key }) => key).values()].map(close));
  if (deleted.length > 0) await close(deleted);
  return repaired;
}

const isDeletion = ({ action }: PlannedRepair): boolean => action === 'deleted';

/** The last change of each, by check; `reason`: why one has none. */
async function whoChanged({ ref, since }: RepairRun, planned: readonly PlannedRepair[]) {
  const wanted = planned.map(({ changed }) => changed);
  const { found, unreadable }: ReadChangesResult = await armRead.readChanges.executeWithOptions(
    activityOptions('verify', 'read', 'changes'),
    [{ ref, since, wanted }],
  );
  return {
    found: new Map(planned.map(({ check }, index) => [check, found[index] ?? null])),
    reason: unreadable ?? `the activity log shows no change since ${since}`,
  };
}

async function write({ ref, workspacePublicNetworkAccess }: RepairRun, { key, action }: PlannedRepair): Promise<void> {
  if (action === 'deleted') return removeBuildInternetRule(ref);
  const options = key === 'workspace' ? { workspacePublicNetworkAccess } : {};
  await retry(() => ensureResource({ ref, key, readFirst: true, options, rewrite: true }));
}
