import { log } from '@temporalio/workflow';
import type { Additions } from '../activities/resources/listAdditions.ts';
import { bringsResources } from '../domain/broughtResources.ts';
import { groupId } from '../domain/naming.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import { resourceCatalogue } from '../domain/resourceCatalogue.ts';
import type { ResourceRow } from '../domain/resourceRow.ts';
import { plannedResource } from '../domain/resources.ts';
import type { CatalogueResource } from '../domain/resources.ts';
import type { StepId } from '../domain/steps.ts';
import { ownResourceOf } from '../domain/teardownOrder.ts';
import { activityOptions, armOperation, armRead, armWrite } from './armActivities.ts';
import { failureOf } from './runFailure.ts';
import type { RunProgress } from './runProgress.ts';
import type { TeardownReceiptBuilder } from './teardownReceipt.ts';

/** The environment of a deletion, and where the deletion is reported. */
export interface DeletionContext {
  ref: EnvironmentRef;
  progress: RunProgress;
  receipt: TeardownReceiptBuilder;
  /** a lock may just have been deleted: `ScopeLocked` is retried for a minute */
  awaitLocks: boolean;
}

const rowOf = ({ row }: CatalogueResource): ResourceRow => resourceCatalogue[row];

const labelOf = ({ title, name }: CatalogueResource): string => `${title} ${name}`;

export interface Deletion {
  step: StepId;
  key: string;
  id: string;
  summary?: string;
}

/** Deletes a resource and waits until ARM answers 404. `accepted`: ARM accepted the request with an operation. */
export const deleteById = (
  { ref, awaitLocks }: Pick<DeletionContext, 'ref' | 'awaitLocks'>,
  { step, key, id, summary }: Deletion,
) =>
  armOperation.deleteResource.executeWithOptions(activityOptions(step, 'delete', key, summary), [
    { ref, id, awaitLocks },
  ]);

/**
 * Waits until Azure has deleted a resource by itself: the interface of a private endpoint, later than its endpoint (DEL-8).
 */
const awaitDeletion = ({ step, key, id, summary }: Deletion) =>
  armRead.observeDeletion.executeWithOptions(activityOptions(step, 'observe', key, summary), [{ id, token: null }]);

/** Deletes a listed resource of Moat's. */
export function deleteResource(context: DeletionContext, id: string): Promise<boolean> {
  const { ref, progress, receipt } = context;
  const own = ownResourceOf(ref, id)!;
  const { step, key } = own;
  const { lifetime, softDelete } = rowOf(own);
  const deletion = { step, key, id, summary: labelOf(own) };
  return receipt.attempt(step, id, async () => {
    await (lifetime === 'companionPrefix' ? awaitDeletion(deletion) : deleteById(context, deletion));
    progress.resource(step, id, 'Deleted');
    receipt.record(id, softDelete === 'unverifiable' ? 'assumed' : 'gone');
  });
}

/**
 * Waits until Azure has released its own private endpoints of deleted deployments (DEL-20). Storage account and registry can be deleted all
 * the same, so that one that is never released is only logged.
 */
export const awaitEgressRelease = ({ ref, receipt }: DeletionContext): Promise<boolean> =>
  receipt.attempt('endpoint', plannedResource(ref, 'onlineEndpoint').id, async () => {
    try {
      const options = activityOptions('endpoint', 'observe', 'egressConnections');
      await armRead.observeEgressConnections.executeWithOptions(options, [{ ref }]);
    } catch (error) {
      if (failureOf(error, 'endpoint').type !== 'Stuck') throw error;
      log.warn('private endpoint connections of deployments were not released', { error });
    }
  });

/** Before the deletion of what they were granted on, for ARM lists them by it. Returns the principal that had them. */
export async function revokeRoles({ ref, receipt, awaitLocks }: DeletionContext): Promise<string | null> {
  let principalId: string | null = null;
  const scope = `${plannedResource(ref, 'identity').id}/providers/Microsoft.Authorization/roleAssignments`;
  await receipt.attempt('jumpbox', scope, async () => {
    const listed = await armRead.listRoles.executeWithOptions(activityOptions('jumpbox', 'list', 'roles'), [{ ref }]);
    ({ principalId } = listed);
    await armWrite.revokeRoles.executeWithOptions(activityOptions('jumpbox', 'revoke', 'roles'), [{ ref, awaitLocks }]);
    for (const id of listed.ids) receipt.record(id, 'gone');
  });
  return principalId;
}

/** What the environment has added to existing resources; nothing where it brought none. */
export async function listAdditions({ ref, receipt }: DeletionContext): Promise<Additions> {
  let additions: Additions = { resources: [], versions: [], containers: [], connections: [] };
  if (!bringsResources(ref)) return additions;
  await receipt.attempt('network', groupId(ref), async () => {
    const options = activityOptions('network', 'list', 'additions');
    additions = await armRead.listAdditions.executeWithOptions(options, [{ ref }]);
  });
  return additions;
}

/** Deletes versions of the environment in a brought workspace, after the deployment that refers to them. */
export const deleteVersions = ({ ref, receipt }: DeletionContext, ids: readonly string[]): Promise<boolean> =>
  receipt.attempt('endpoint', ids[0]!, async () => {
    await armWrite.deleteAddedVersions.executeWithOptions(activityOptions('endpoint', 'delete', 'versions'), [{ ref }]);
    for (const id of ids) receipt.record(id, 'gone');
  });

/** Deletes the workspace's containers in a brought storage account, before the workspace: its guid, which only it has, identifies them. */
export const deleteContainers = ({ ref, receipt }: DeletionContext, ids: readonly string[]): Promise<boolean> =>
  receipt.attempt('workspace', ids[0]!, async () => {
    const options = activityOptions('workspace', 'delete', 'containers');
    await armWrite.deleteAddedContainers.executeWithOptions(options, [{ ref }]);
    for (const id of ids) receipt.record(id, 'gone');
  });

/** Deletes what remains on brought resources of the connections with the environment's private endpoints, which are deleted. */
export const deleteConnections = ({ ref, receipt }: DeletionContext, ids: readonly string[]): Promise<boolean> =>
  receipt.attempt('workspace', ids[0]!, async () => {
    const options = activityOptions('workspace', 'delete', 'connections');
    await armWrite.deleteAddedConnections.executeWithOptions(options, [{ ref }]);
    for (const id of ids) receipt.record(id, 'gone');
  });

/** Purges the deleted vault: until then Azure keeps it, and its name is reserved (DEL-4). */
export const purgeVault = ({ ref, receipt }: DeletionContext, deletedId: string): Promise<boolean> =>
  receipt.attempt('workspace', deletedId, async () => {
    const options = activityOptions('workspace', 'purge', 'vault');
    const { accepted } = await armOperation.purgeVault.executeWithOptions(options, [{ ref }]);
    if (!accepted) return;
    receipt.record(plannedResource(ref, 'vault').id, 'purged');
  });

export const deleteGroup = ({ ref, progress, receipt, awaitLocks }: DeletionContext): Promise<boolean> =>
  receipt.attempt('resourceGroup', groupId(ref), async () => {
    const options = activityOptions('resourceGroup', 'delete', 'group');
    const { accepted } = await armOperation.deleteGroup.executeWithOptions(options, [{ ref, awaitLocks }]);
    if (!accepted) return;
    receipt.record(groupId(ref), 'gone');
    progress.resource('resourceGroup', groupId(ref), 'Deleted');
  });
