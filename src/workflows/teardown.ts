import { isCancellation } from '@temporalio/workflow';
import type { GroupList } from '../activities/resources/resourceGroup.ts';
import type { Additions } from '../activities/resources/listAdditions.ts';
import type { TeardownReceipt } from '../domain/environment.ts';
import { isBrought } from '../domain/broughtResources.ts';
import { groupId, isWithin } from '../domain/naming.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import { resourceCatalogue } from '../domain/resourceCatalogue.ts';
import type { CatalogueKey } from '../domain/resourceKeys.ts';
import type { ResourceRow } from '../domain/resourceRow.ts';
import { plannedResource, resourceName } from '../domain/resources.ts';
import { deletionOf, deletionPhases, hasDependents } from '../domain/teardownOrder.ts';
import { activityOptions, armRead } from './armActivities.ts';
import {
  awaitEgressRelease,
  deleteConnections,
  deleteContainers,
  deleteGroup,
  deleteResource,
  deleteVersions,
  listAdditions,
  purgeVault,
  revokeRoles,
} from './deletions.ts';
import type { DeletionContext } from './deletions.ts';
import { assertStillExpired } from './leaseExpiry.ts';
import { purgeUnlistedWorkspace } from './purgeWorkspace.ts';
import type { TeardownInput } from './messages.ts';
import { failureOf, runFailure } from './runFailure.ts';
import { createRunProgress } from './runProgress.ts';
import { createTeardownReceipt } from './teardownReceipt.ts';
import type { TeardownReceiptBuilder } from './teardownReceipt.ts';

/** The state that the functions of one teardown share. */
interface TeardownRun extends DeletionContext {
  input: TeardownInput;
  /** as of the last list */
  groupExists: boolean;
  /** of the jumpbox's identity; null until it was read */
  principalId: string | null;
  /** Throws where the teardown is due to expiry and the lease was renewed. */
  assertMayContinue: () => Promise<void>;
}

/** Number of times that the group is listed: a resource whose PUT got no answer may appear late. */
const maximumRounds = 3;

/**
 * Tears an environment down, in the reverse order of its creation. It deletes what ARM lists in the sealed group, what was added to existing
 * resources, and resources with deterministic names. A resource that cannot be deleted becomes a blocker; resources that it does not depend on are still deleted.
 */
export async function teardown(input: TeardownInput): Promise<TeardownReceipt> {
  const { ref, removed = [], blockers = [], dueToExpiry = false, repeated: awaitLocks = false } = input;
  const progress = createRunProgress(`Tearing down ${ref.name}`);
  const receipt = createTeardownReceipt(ref, progress, { removed, blockers });
  const assertMayContinue = async () => (dueToExpiry ? assertStillExpired(ref) : undefined);
  const shared = { ref, progress, receipt, awaitLocks, assertMayContinue };
  const run: TeardownRun = { ...shared, input, groupExists: true, principalId: null };
  try {
    if (input.neverSealed && (await isNotOwn(run))) return receipt.build();
    for (let round = 1; round <= maximumRounds && (await deleteListed(run)); round++);
    if (!receipt.remaining.has(groupId(ref))) await deleteEmptyGroup(run);
    return receipt.build();
  } catch (error) {
    progress.endRest('skipped', 'NotReached');
    if (isCancellation(error)) throw error;
    throw runFailure(failureOf(error, null, ref));
  } finally {
    progress.flush();
  }
}

/** Whether the group of an environment that was never adopted is as it was: without any tag of Moat's, which come with the seal, or deleted. */
async function isNotOwn(run: TeardownRun): Promise<boolean> {
  const group = await listGroup(run);
  if (!group?.exists) return group !== undefined;
  return group.seal === 'missing' && !Object.keys(group.tags).some((name) => /^moat-/i.test(name));
}

/** Lists the group and deletes Moat's resources in it. Returns whether to list the group again. */
async function deleteListed(run: TeardownRun): Promise<boolean> {
  const { ref, receipt } = run;
  const group = await listGroup(run);
  run.groupExists = group?.exists ?? true;
  if (!group) return false;
  if (group.exists && !group.sealed) {
    receipt.addUnsealedGroup();
    return false;
  }
  const ids = group.resources.map(({ id }) => id);
  const own = ids.filter((id) => deletionOf(ref, id) !== 'foreign');
  receipt.addForeign(
    ids.filter((id) => !own.includes(id)),
    group.moreForeign,
  );
  const additions = await listAdditions(run);
  if (own.length === 0 && Object.values(additions).flat().length === 0) return false;
  await deletePhases(run, [...own, ...additions.resources], additions);
  return !receipt.isBlocked();
}

async function listGroup({ ref, receipt }: TeardownRun): Promise<GroupList | undefined> {
  let group: GroupList | undefined;
  await receipt.attempt('resourceGroup', groupId(ref), async () => {
    const options = activityOptions('resourceGroup', 'list', 'group');
    group = await armRead.listGroup.executeWithOptions(options, [{ ref }]);
  });
  return group;
}

/** Deletes resources phase by phase, dependents first; those of one phase in parallel. */
async function deletePhases(run: TeardownRun, own: readonly string[], additions: Additions): Promise<void> {
  const { ref, receipt } = run;
  await run.assertMayContinue();
  run.principalId = (await revokeRoles(run)) ?? run.principalId;
  for (const [phase, rows] of deletionPhases.entries()) {
    const ids = own.filter((id) => isOfPhase(ref, id, phase));
    if (phase > 0 && ids.length > 0) await run.assertMayContinue();
    await Promise.all(ids.map((id) => deleteOne(run, id)));
    if (rows.includes('onlineEndpoint')) await awaitEgressRelease(run);
    await deleteAfter(run, rows, additions);
    if (rows.some(isPurged)) await purgeVault(run, deletedVaultId(ref));
  }
  for (const id of own.filter((one) => deletionOf(ref, one) === 'contained'))
    if (!addIfParentRemains(receipt, id)) receipt.record(id, 'gone');
}

/** Deletes the additions that follow what a phase has deleted: versions their deployment, connections their private endpoints. */
async function deleteAfter(
  run: TeardownRun,
  rows: readonly CatalogueKey[],
  { versions, containers, connections }: Additions,
): Promise<void> {
  if (rows.includes('onlineEndpoint')) {
    if (versions.length > 0) await deleteVersions(run, versions);
    // without its workspace, nobody would know whose the containers are
    if (containers.length > 0 && !(await deleteContainers(run, containers)))
      run.receipt.remaining.add(plannedResource(run.ref, 'workspace').id);
  }
  if (rows.includes('privateEndpoint') && connections.length > 0) await deleteConnections(run, connections);
}

const isPurged = (key: CatalogueKey): boolean => {
  const { softDelete }: ResourceRow = resourceCatalogue[key];
  return softDelete === 'purge';
};

function isOfPhase(ref: EnvironmentRef, id: string, phase: number): boolean {
  const deletion = deletionOf(ref, id);
  return typeof deletion === 'object' && deletion.phase === phase;
}

async function deleteOne(run: TeardownRun, id: string): Promise<void> {
  const { remaining } = run.receipt;
  if ([...remaining].some((one) => one.toLowerCase() === id.toLowerCase())) return;
  if (hasDependents(run.ref, id, [...remaining])) remaining.add(id);
  else await deleteResource(run, id);
}

const isRemaining = ({ remaining }: TeardownReceiptBuilder, id: string): boolean =>
  [...remaining].some((other) => isWithin(id, other));

function addIfParentRemains(receipt: TeardownReceiptBuilder, id: string): boolean {
  const remains = isRemaining(receipt, id);
  if (remains) receipt.remaining.add(id);
  return remains;
}

/** Purges soft-deleted resources, which ARM does not list, deletes the group, and verifies that nothing remains. */
async function deleteEmptyGroup(run: TeardownRun): Promise<void> {
  const { ref, receipt, input } = run;
  await run.assertMayContinue();
  const workspaceId = plannedResource(ref, 'workspace').id;
  const isUnlisted = !isBrought(ref, { key: 'workspace' }) && !receipt.isRemoved(workspaceId);
  if (isUnlisted && !isRemaining(receipt, workspaceId))
    await purgeUnlistedWorkspace(run, {
      existed: input.workspaceExisted ?? false,
      confirmed: input.repeated ?? false,
      createGroup: run.groupExists ? null : (input.lease ?? null),
    });
  await purgeVault(run, deletedVaultId(ref));
  // what is only soft-deleted does not prevent the group's deletion
  const isEmpty = [...receipt.remaining].every((id) => id === deletedVaultId(ref) || receipt.isSoftDeleted(id));
  if (!isEmpty || !(await deleteGroup(run))) return;
  // the group's deletion also deleted resources that appeared after the last list; a vault among them is soft-deleted
  await purgeVault(run, deletedVaultId(ref));
  await receipt.attempt('resourceGroup', groupId(ref), async () => {
    const options = activityOptions('resourceGroup', 'verify', 'deleted');
    const existing = await armRead.verifyDeleted.executeWithOptions(options, [{ ref, principalId: run.principalId }]);
    receipt.addExisting(existing.filter((id) => !receipt.remaining.has(id)));
  });
}

const deletedVaultId = (ref: EnvironmentRef): string =>
  `/subscriptions/${ref.subscriptionId}/providers/Microsoft.KeyVault/locations/${ref.location}/deletedVaults/${resourceName(ref, 'vault')}`;
