import { isBrought } from '../../../domain/broughtResources.ts';
import type { EnvironmentRef } from '../../../domain/naming.ts';
import { permits } from '../../../domain/roleDefinitions.ts';
import { approvalOf } from '../../resources/connectionApproval.ts';
import { defineRule, observation } from '../rule.ts';
import { existingOf } from './broughtFact.ts';
import type { BroughtFact } from './broughtFact.ts';

const [assignRoles, revokeRoles] = ['write', 'delete'].map(
  (verb) => `Microsoft.Authorization/roleAssignments/${verb}`,
) as [string, string];
const machineLearning = 'Microsoft.MachineLearningServices/workspaces';

/** What a run and its teardown do at an existing resource, by its key. */
function actionsAt(key: string, ref: EnvironmentRef): string[] {
  if (key.startsWith('zone:'))
    return [
      'Microsoft.Network/privateDnsZones/virtualNetworkLinks/write',
      'Microsoft.Network/privateDnsZones/virtualNetworkLinks/delete',
      ...(ref.zoneGroupsByPolicy ? [] : ['Microsoft.Network/privateDnsZones/join/action']),
    ];
  const ownWorkspace = !isBrought(ref, { key: 'workspace' });
  const storage = 'Microsoft.Storage/storageAccounts';
  const actions: Record<string, string[]> = {
    registry: [assignRoles, revokeRoles],
    storageAccount: [
      assignRoles,
      revokeRoles,
      ...(ownWorkspace ? [`${storage}/blobServices/containers/delete`, `${storage}/fileServices/shares/delete`] : []),
    ],
    workspace: [
      assignRoles,
      revokeRoles,
      `${machineLearning}/onlineEndpoints/write`,
      `${machineLearning}/onlineEndpoints/delete`,
      `${machineLearning}/onlineEndpoints/deployments/write`,
      ...['codes', 'models', 'environments'].flatMap((kind) => [
        `${machineLearning}/${kind}/versions/write`,
        `${machineLearning}/${kind}/versions/delete`,
      ]),
    ],
    virtualNetwork: ['Microsoft.Network/virtualNetworks/join/action'],
    subnet: ['Microsoft.Network/virtualNetworks/subnets/join/action'],
    identity: ['Microsoft.ManagedIdentity/userAssignedIdentities/assign/action'],
  };
  return actions[key] ?? [];
}

const lacks = ({ permissions }: BroughtFact, action: string): boolean =>
  !permissions.some((one) => permits(one, action));

/** PF-25: the caller may add to existing resources what a run adds, and remove it. */
export const broughtPermissions = defineRule({
  id: 'PF-25',
  title: 'The caller may add to the existing resources what a run needs, and remove it again',
  reads: ['brought'],
  severities: ['blocks'],
  source: 'Azure docs: resource provider operations; REST reference: permissions, list for resource',
  check: ({ brought, environment: { ref } }) =>
    brought
      .filter(({ body }) => body !== undefined)
      .flatMap((one) => {
        const missing = actionsAt(one.key, ref).filter((action) => lacks(one, action));
        if (missing.length === 0) return [];
        const message = `missing permissions at existing ${one.label}: ${missing.join(', ')}`;
        return [
          observation(
            'blocks',
            message,
            `az role assignment create --assignee <principal> --role <role with these actions> --scope ${one.id}`,
          ),
        ];
      }),
});

/** Without the permission, the run waits until the owner has approved the connection. */
export const mayApproveConnections = defineRule({
  id: 'APPROVAL',
  title:
    'The caller may approve private endpoint connections of the existing resources; otherwise the run waits for their owners',
  reads: ['brought'],
  severities: ['warns'],
  source: 'Azure docs: manage private endpoints (approval workflow)',
  check: ({ brought }) =>
    existingOf(brought, 'registry', 'storageAccount', 'vault', 'workspace')
      .filter((one) => lacks(one, approvalOf(one.type)))
      .map(({ label, id }) =>
        observation(
          'warns',
          `the run waits until the owner of the existing ${label} approves its private endpoint connection`,
          `az network private-endpoint-connection list --id ${id} --output table, then az network private-endpoint-connection approve --id <connection>`,
        ),
      ),
});
