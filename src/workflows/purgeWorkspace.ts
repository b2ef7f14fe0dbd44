import { softDeletedWorkspace } from '../domain/blockers.ts';
import type { Lease } from '../domain/environment.ts';
import { leaseTags } from '../domain/lease.ts';
import { groupId } from '../domain/naming.ts';
import { plannedResource } from '../domain/resources.ts';
import { usesOf } from '../domain/usesTags.ts';
import { activityOptions, armWrite } from './armActivities.ts';
import { deleteById } from './deletions.ts';
import type { Deletion, DeletionContext } from './deletions.ts';

/** What a teardown knows of a workspace that ARM does not list. */
export interface UnlistedWorkspace {
  /** it certainly existed, and this environment's teardowns have not deleted it */
  existed: boolean;
  /** a person saw it reported, and requested the teardown again */
  confirmed: boolean;
  /** null: the group exists */
  createGroup: Lease | null;
}

/**
 * Purges, by name, a workspace that the group does not list: someone else deleted it, or its group, and it may be soft-deleted (DEL-1).
 * Azure purges it only while its group exists (DEL-2; Azure/azure-cli#33756), so a missing group is created again, empty and sealed. Azure
 * does not show soft-deleted workspaces, so a workspace that existed is a blocker unless Azure accepted the purge, or a person confirms.
 */
export async function purgeUnlistedWorkspace(context: DeletionContext, workspace: UnlistedWorkspace): Promise<void> {
  const { ref, receipt } = context;
  const { existed, confirmed, createGroup } = workspace;
  const { id } = plannedResource(ref, 'workspace');
  if (createGroup && (!existed || !(await restoreGroup(context, createGroup)))) return;
  const deletion: Deletion = { step: 'workspace', key: 'workspace', id };
  let accepted = false;
  const ended = await receipt.attempt('workspace', id, async () => {
    ({ accepted } = await deleteById(context, deletion));
  });
  if (!ended || !existed) return;
  if (accepted) receipt.record(id, 'purged');
  else if (confirmed) receipt.record(id, 'assumed');
  else receipt.addSoftDeletedWorkspace(softDeletedWorkspace(ref));
}

const restoreGroup = ({ ref, receipt }: DeletionContext, lease: Lease): Promise<boolean> =>
  receipt.attempt('resourceGroup', groupId(ref), async () => {
    const tags = { environment: ref.name, state: 'deleting', ...leaseTags(lease), uses: usesOf(ref) };
    const options = activityOptions('resourceGroup', 'ensure', 'group');
    await armWrite.ensureGroup.executeWithOptions(options, [{ ref, tags }]);
  });
