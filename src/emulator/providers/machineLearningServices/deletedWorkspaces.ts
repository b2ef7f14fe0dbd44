import { ArmError } from '../../arm/model.ts';
import type { Resource, Cloud } from '../../arm/model.ts';

/** How long Azure keeps a soft-deleted workspace (Azure docs: recover workspace data after soft deletion). */
const retention = 14 * 86_400_000;

const keyOf = (id: string): string => `deletedWorkspace:${id.toLowerCase()}`;

/** @throws ArmError 400 BadRequest while a soft-deleted workspace has this id's name (DEL-1) */
export function requireNameNotSoftDeleted(cloud: Cloud, id: string): void {
  const goneAt = cloud.objects.get(keyOf(id));
  if (typeof goneAt === 'number' && goneAt > cloud.now()) {
    const message = 'Soft-deleted workspace exists. Please purge or recover it. https://aka.ms/wsoftdelete';
    throw new ArmError(400, 'BadRequest', message);
  }
}

/** The workspace is deleted: softly, unless the request has `forceToPurge=true`; also when its group is deleted. */
export function storeDeletedWorkspace(cloud: Cloud, workspace: Resource, query: Record<string, string>): void {
  if (query['forceToPurge']?.toLowerCase() === 'true') return;
  cloud.objects.put(keyOf(workspace.id), cloud.now() + retention);
}

/** A soft-deleted workspace is purged by its id, as long as its group exists (DEL-2). */
export function purgeDeletedWorkspace(cloud: Cloud, id: string, query: Record<string, string>): void {
  if (query['forceToPurge']?.toLowerCase() === 'true') cloud.objects.delete(keyOf(id));
}
