import { asObject } from '../../http/call.ts';
import { ArmError } from '../../arm/model.ts';
import type { ResourceType } from '../../arm/model.ts';

/** Management locks on a group or resource; what they forbid is ARM's own business. */
const lock: ResourceType = {
  type: 'Microsoft.Authorization/locks',
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
};

export const types: ResourceType[] = [lock];
