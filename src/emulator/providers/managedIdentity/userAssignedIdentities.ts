import { randomUUID } from 'node:crypto';
import { ArmError } from '../../arm/model.ts';
import type { ResourceType } from '../../arm/model.ts';
import { tenantId } from '../resourceHelpers.ts';

/** User-assigned managed identities. */
const userAssignedIdentity: ResourceType = {
  type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
  style: 'sync',
  duration: {},
  stateless: true,
  prepare: (_cloud, { name, existing }) => {
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/.test(name))
      throw new ArmError(400, 'InvalidResourceName', `The identity name '${name}' is invalid.`);
    return { properties: existing?.properties ?? { tenantId, principalId: randomUUID(), clientId: randomUUID() } };
  },
};

export const types: ResourceType[] = [userAssignedIdentity];
