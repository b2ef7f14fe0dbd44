import { asList, asObject } from '../../http/call.ts';
import { ArmError } from '../../arm/model.ts';
import type { ResourceType } from '../../arm/model.ts';
import { ancestorId } from '../resourceHelpers.ts';
import { nameOf } from '../../arm/ids.ts';

/** The lifecycle policy of an account, named `default`. Azure answers `DefaultManagementPolicy` as its name. Its rules have no effect here. */
const managementPolicy: ResourceType = {
  type: 'Microsoft.Storage/storageAccounts/managementPolicies',
  style: 'sync',
  duration: {},
  proxy: true,
  stateless: true,
  prepare(cloud, { name, body }) {
    const policy = asObject(asObject(body['properties'])['policy']);
    if (name !== 'default')
      throw new ArmError(400, 'InvalidResourceName', `The name of the policy is 'default', not '${name}'.`);
    if (asList(policy['rules']).length === 0)
      throw new ArmError(400, 'InvalidRequestPropertyValue', 'The policy needs at least one rule.');
    return { properties: { policy, lastModifiedTime: new Date(cloud.now()).toISOString() } };
  },
  toArm: () => ({ name: 'DefaultManagementPolicy' }),
  notFound: (id) =>
    new ArmError(404, 'ManagementPolicyNotFound', `No ManagementPolicy found for account ${nameOf(ancestorId(id, 1))}`),
};

export const types: ResourceType[] = [managementPolicy];
