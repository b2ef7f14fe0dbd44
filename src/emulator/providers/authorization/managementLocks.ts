import { asObject } from '../../http/call.ts';
import { sameId } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { ResourceType } from '../../arm/model.ts';
import { toArm } from '../../arm/toArm.ts';

const lockType = 'Microsoft.Authorization/locks';
const scopeOf = (id: string): string =>
  id.slice(0, id.toLowerCase().lastIndexOf(`/providers/${lockType.toLowerCase()}/`));

/** Management locks on a subscription, group or resource; what they forbid is ARM's own business. */
const lock: ResourceType = {
  type: lockType,
  style: 'sync',
  duration: {},
  proxy: true,
  stateless: true,
  extension: true,
  prepare: (_cloud, { body }) => {
    const properties = asObject(body['properties']);
    if (properties['level'] !== 'CanNotDelete' && properties['level'] !== 'ReadOnly')
      throw new ArmError(400, 'InvalidLockLevel', "The lock level must be 'CanNotDelete' or 'ReadOnly'.");
    return { properties };
  },
  // Locks at the scope and below; with `atScope()` only those at the scope itself.
  list: (cloud, scope, query) =>
    cloud
      .descendants(scope, lockType)
      .filter(({ id }) => !/atScope\(\)/i.test(query['$filter'] ?? '') || sameId(scopeOf(id), scope))
      .map((resource) => toArm(cloud, lock, resource, query)),
};

export const types: ResourceType[] = [lock];
