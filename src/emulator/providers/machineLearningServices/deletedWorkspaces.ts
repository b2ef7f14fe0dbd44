import { groupIdOf } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { Operation, Resource, Cloud } from '../../arm/model.ts';

/** How long Azure keeps a soft-deleted workspace (Azure docs: recover workspace data after soft deletion). */
const retention = 14 * 86_400_000;

const keyOf = (id: string): string => `deletedWorkspace:${id.toLowerCase()}`;

function isSoftDeleted(cloud: Cloud, id: string): boolean {
  const goneAt = cloud.objects.get(keyOf(id));
  return typeof goneAt === 'number' && goneAt > cloud.now();
}

/** @throws ArmError 400 BadRequest while a soft-deleted workspace has this id's name (DEL-1) */
export function requireNameNotSoftDeleted(cloud: Cloud, id: string): void {
  if (isSoftDeleted(cloud, id)) {
    const message = 'Soft-deleted workspace exists. Please purge or recover it. https://aka.ms/wsoftdelete';
    throw new ArmError(400, 'BadRequest', message);
  }
}

/** The workspace is deleted: softly, unless the request has `forceToPurge=true`; also when its group is deleted. */
export function storeDeletedWorkspace(cloud: Cloud, workspace: Resource, query: Record<string, string>): void {
  if (query['forceToPurge']?.toLowerCase() === 'true') return;
  cloud.objects.put(keyOf(workspace.id), cloud.now() + retention);
}

/** A soft-deleted workspace is purged by its id, as long as its group exists (DEL-2): the operation, if there is one to purge. */
export function purgeDeletedWorkspace(cloud: Cloud, id: string, query: Record<string, string>): Operation | undefined {
  if (query['forceToPurge']?.toLowerCase() !== 'true' || !isSoftDeleted(cloud, id)) return undefined;
  const begun = cloud.runningOn(id);
  if (begun) return begun;
  const location = cloud.find(groupIdOf(id) ?? '')?.location ?? 'global';
  const purge = { kind: 'delete', resourceId: id, location, durationKey: 'workspace.delete' } as const;
  return cloud.startOperation({ ...purge, purges: keyOf(id) });
}
