import { ArmFault } from '../../arm/model.ts';
import type { Resource, World } from '../../arm/model.ts';

/** How long Azure keeps a soft-deleted workspace (Azure docs: recover workspace data after soft deletion). */
const retention = 14 * 86_400_000;

const keyOf = (id: string): string => `deletedWorkspace:${id.toLowerCase()}`;

/** @throws ArmFault 400 BadRequest while a soft-deleted workspace has this id's name (DEL-1) */
export function refuseDeletedName(world: World, id: string): void {
  const goneAt = world.objects.get(keyOf(id));
  if (typeof goneAt === 'number' && goneAt > world.now()) {
    const message = 'Soft-deleted workspace exists. Please purge or recover it. https://aka.ms/wsoftdelete';
    throw new ArmFault(400, 'BadRequest', message);
  }
}

/** The workspace is deleted: softly, unless the request said `forceToPurge=true`; also when its group took it along. */
export function keepDeletedWorkspace(world: World, workspace: Resource, query: Record<string, string>): void {
  if (query['forceToPurge']?.toLowerCase() === 'true') return;
  world.objects.put(keyOf(workspace.id), world.now() + retention);
}

/** A soft-deleted workspace is purged by its id, as long as its group exists (DEL-2). */
export function purgeDeletedWorkspace(world: World, id: string, query: Record<string, string>): void {
  if (query['forceToPurge']?.toLowerCase() === 'true') world.objects.delete(keyOf(id));
}
