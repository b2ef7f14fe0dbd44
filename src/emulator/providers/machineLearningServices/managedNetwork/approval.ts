import { asObject, textOf } from '../../../http/call.ts';
import { sameId } from '../../../arm/ids.ts';
import type { Cloud, ErrorBody, Resource } from '../../../arm/model.ts';
import { roleIsEffective } from '../../authorization/roleAssignments.ts';
import { nonEmptyText } from '../../resourceHelpers.ts';

/** Built-in role: Azure AI Enterprise Network Connection Approver. */
const approver = 'b556d68e-0be0-4f35-a333-ad7ee1ce17ea';

function principalsOf({ identity }: Resource): string[] {
  const assigned = Object.values(asObject(identity?.['userAssignedIdentities'])).map((one) =>
    nonEmptyText(asObject(one)['principalId']),
  );
  return [nonEmptyText(identity?.['principalId']), ...assigned].filter((id) => id !== undefined);
}

/** A system-assigned identity may connect to the workspace's own dependencies without a role. */
const isOwn = ({ id, properties }: Resource, targetId: string): boolean =>
  ['storageAccount', 'keyVault', 'containerRegistry']
    .map((member) => textOf(properties[member]))
    .concat(id)
    .some((own) => sameId(own, targetId));

/** Why the workspace's identity may not approve the connection of a rule to its target; undefined where it may. */
export function approvalError(
  cloud: Cloud,
  workspace: Resource,
  { name, properties }: Resource,
): ErrorBody | undefined {
  if (properties['type'] !== 'PrivateEndpoint') return undefined;
  const scope = textOf(asObject(properties['destination'])['serviceResourceId']);
  const system = textOf(workspace.identity?.['type']).includes('SystemAssigned');
  if (system && isOwn(workspace, scope)) return undefined;
  const may = principalsOf(workspace).some((principalId) =>
    roleIsEffective(cloud, { principalId, scope, roleId: approver, at: cloud.now() }),
  );
  if (may) return undefined;
  return {
    code: 'AuthorizationFailed',
    message: `The identity of workspace '${workspace.name}' does not have authorization to perform action 'privateEndpointConnectionsApproval/action' over scope '${scope}' for outbound rule '${name}'. Assign the role 'Azure AI Enterprise Network Connection Approver'.`,
  };
}
