import type { Call } from '../http/call.ts';
import { depthOf, groupType, parentIdOf } from './ids.ts';
import type { Target } from './ids.ts';
import { ArmError } from './model.ts';
import type { PutRequest, Resource, ResourceType } from './model.ts';
import { parentNotFound } from './armErrors.ts';
import type { EmulatedCloud } from '../state/cloud.ts';

/** The group, resource or (undefined) subscription above; created if the type creates it. Throws 404 when it is missing. */
export function parentOf(
  cloud: EmulatedCloud,
  call: Call,
  type: ResourceType,
  target: Target,
  id: string,
): Resource | undefined {
  if (type.type === groupType) return undefined;
  const nested = depthOf(type.type) > 1;
  const parentId = nested ? parentIdOf(id) : target.scope;
  const parent = cloud.find(parentId);
  if (!parent && !nested && /^\/subscriptions\/[^/]+$/i.test(parentId)) return undefined;
  if (!parent && nested && type.makesParent) return makeParent(cloud, call, type, target, parentId);
  if (!parent) throw parentNotFound(type.type, parentId);
  if (cloud.running(parent)?.kind === 'delete' && !type.extension)
    throw new ArmError(409, 'Conflict', `The resource '${parentId}' is being deleted.`);
  return parent;
}

function makeParent(cloud: EmulatedCloud, call: Call, type: ResourceType, target: Target, id: string): Resource {
  const above = cloud.type(type.type.split('/').slice(0, -1).join('/'));
  const grandparent = cloud.find(parentIdOf(id));
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
    createdAt: cloud.now(),
    ...above.prepare(cloud, request),
  };
  cloud.save(parent);
  return parent;
}

/** The region of the nearest resource above that has one. */
export function inheritedLocation(cloud: EmulatedCloud, id: string): string {
  for (let above = id; above.includes('/'); above = above.slice(0, above.lastIndexOf('/'))) {
    const location = cloud.find(above)?.location;
    if (location !== undefined) return location;
  }
  return 'global';
}
