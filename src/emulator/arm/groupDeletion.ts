import type { Json, Resource } from './model.ts';
import type { EmulatedCloud } from '../state/cloud.ts';

/**
 * How long ARM takes to delete a group, in milliseconds of the emulator's clock: a few seconds for an empty one, else the longest chain
 * of what must be deleted one after the other. A resource goes before those above it and those that its properties name.
 */
export function groupDeletionMs(cloud: EmulatedCloud, group: Resource): number {
  const resources = cloud.descendants(group.id).filter(({ type }) => cloud.type(type)?.proxy !== true);
  const byId = new Map(resources.map((resource) => [resource.id.toLowerCase(), resource]));
  const known = new Map<Resource, number>();

  /** The time from the deletion of this resource to that of the last one that waits for it. */
  function chainFrom(resource: Resource): number {
    const earlier = known.get(resource);
    if (earlier !== undefined) return earlier;
    // Ends a circle of references: an interface and its machine name each other.
    known.set(resource, 0);
    const later = awaiting(resource).map(chainFrom);
    const chain = deletionMs(cloud, resource) + Math.max(0, ...later);
    known.set(resource, chain);
    return chain;
  }

  /** The resources of the group that can only be deleted after this one. */
  function awaiting(resource: Resource): Resource[] {
    const above = resource.id.slice(0, resource.id.lastIndexOf('/'));
    const named = [above, ...idsIn(resource.properties)].map((id) => owner(byId, id));
    return [...new Set(named)].filter((other) => other !== undefined && other !== resource) as Resource[];
  }

  const longest = resources.reduce((most, resource) => Math.max(most, chainFrom(resource)), 0);
  return cloud.duration('resourceGroup.delete', group.id) + longest;
}

/** The deletion itself, and what passes until ARM begins the next one. */
function deletionMs(cloud: EmulatedCloud, { id, type }: Resource): number {
  const own = cloud.type(type)?.duration.delete;
  return (own === undefined ? 0 : cloud.duration(own, id)) + cloud.duration('resourceGroup.deleteStep', id);
}

/** The resource of this id, or the one that it is a part of: the network of a subnet. */
function owner(byId: ReadonlyMap<string, Resource>, id: string): Resource | undefined {
  for (let at = id.toLowerCase(); at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const found = byId.get(at);
    if (found) return found;
  }
  return undefined;
}

/** All resource ids in a value. */
function idsIn(value: Json): string[] {
  if (typeof value === 'string') return value.startsWith('/subscriptions/') ? [value] : [];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(idsIn) : [];
}
