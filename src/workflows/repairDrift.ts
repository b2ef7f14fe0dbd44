import { isCancellation } from '@temporalio/workflow';
import type { Failure } from '../domain/failures.ts';
import type { Repair } from '../domain/repairRecord.ts';
import type { PlannedRepair } from '../domain/repairs.ts';
import { isolationOf } from '../domain/isolationSpec.ts';
import type { IsolationSpec } from '../domain/isolationSpec.ts';
import { managedNetworkId } from '../domain/managedNetwork.ts';
import { plannedResource } from '../domain/resources.ts';
import { activityOptions, armOperation } from './armActivities.ts';
import { provisionNetwork } from './provisionNetwork.ts';
import { removeBuildInternetRule } from './buildInternetRule.ts';
import type { LastChanges } from './lastChanges.ts';
import type { VerifyInput } from './verifyMessages.ts';
import { failureOf, unwrapCancellation } from './runFailure.ts';

type RepairRun = Pick<VerifyInput, 'ref'> & Partial<IsolationSpec>;

interface Repaired {
  repairs: Repair[];
  /** of resources that could not be written; each message names its checks */
  unrepaired: Failure[];
}

/**
 * Writes the planned state of what was opened, and records who opened it. One resource that cannot be written prevents no other repair. The
 * activities change nothing in a group without the installation's seal.
 */
export async function repairDrift(
  run: RepairRun,
  planned: readonly PlannedRepair[],
  { found, reason }: LastChanges,
): Promise<Repaired> {
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
  await Promise.all([...Map.groupBy(written, ({ id }) => id).values()].map(close));
  if (deleted.length > 0) await close(deleted);
  return repaired;
}

const isDeletion = ({ action }: PlannedRepair): boolean => action === 'deleted';

/** Writes the planned state: what the spec opens stays open. */
async function write(run: RepairRun, { key, id, action }: PlannedRepair): Promise<void> {
  const { ref } = run;
  if (action === 'deleted') return removeBuildInternetRule(ref);
  if (id === managedNetworkId(plannedResource(ref, 'workspace').id)) return provisionNetwork(run, 'verify');
  const { step, title, name } = plannedResource(ref, key);
  await armOperation.ensureResource.executeWithOptions(activityOptions(step, 'ensure', key, `${title} ${name}`), [
    { ref, key, readFirst: true, options: isolationOf(run), rewrite: true },
  ]);
}
