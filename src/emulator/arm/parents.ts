import type { Call } from '../http/call.ts';
import { depthOf, groupType, parentIdOf } from './ids.ts';
import type { Target } from './ids.ts';
import { ArmFault } from './model.ts';
import type { PutRequest, Resource, ResourceType } from './model.ts';
import { parentNotFound } from './armErrors.ts';
import type { EmulatedWorld } from '../state/cloud.ts';

/** The group, resource or (undefined) subscription above; made if the type makes it. Throws 404 when it is missing. */
export function parentOf(
  world: EmulatedWorld,
  call: Call,
  type: ResourceType,
  target: Target,
  id: string,
): Resource | undefined {
  if (type.type === groupType) return undefined;
  const nested = depthOf(type.type) > 1;
  const parentId = nested ? parentIdOf(id) : target.scope;
  const parent = world.find(parentId);
  if (!parent && !nested && /^\/subscriptions\/[^/]+$/i.test(parentId)) return undefined;
  if (!parent && nested && type.makesParent) return makeParent(world, call, type, target, parentId);
  if (!parent) throw parentNotFound(type.type, parentId);
  if (world.running(parent)?.kind === 'delete' && !type.extension)
    throw new ArmFault(409, 'Conflict', `The resource '${parentId}' is being deleted.`);
  return parent;
}

function makeParent(world: EmulatedWorld, call: Call, type: ResourceType, target: Target, id: string): Resource {
  const above = world.type(type.type.split('/').slice(0, -1).join('/'));
  const grandparent = world.find(parentIdOf(id));
  if (!above || !grandparent) throw parentNotFound(type.type, id);
  const apiVersion = call.query['api-version'] ?? '';
  const request: PutRequest = {
    id,
    name: target.names.at(-2) ?? '',
    parent: grandparent,
    existing: undefined,
    body: { properties: {} },
    apiVersion,
    query: {},
  };
  const parent: Resource = {
    id,
    type: above.type,
    name: request.name,
    createdAt: world.now(),
    ...above.prepare(world, request),
  };
  world.save(parent);
  return parent;
}

/** The region of the nearest resource above that has one. */
export function regionNear(world: EmulatedWorld, id: string): string {
  for (let above = id; above.includes('/'); above = above.slice(0, above.lastIndexOf('/'))) {
    const location = world.find(above)?.location;
    if (location !== undefined) return location;
  }
  return 'global';
}
