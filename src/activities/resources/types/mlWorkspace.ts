import { armAccess, openResources } from '../../../domain/isolationSpec.ts';
import { hasManagedNetwork, isolationModeOf, needsFirewall } from '../../../domain/managedNetwork.ts';
import type { NetworkSpec } from '../../../domain/managedNetwork.ts';
import { plannedResource } from '../../../domain/resources.ts';
import type { NetworkModel } from '../managedNetwork/networkModel.ts';
import { defineResourceType } from '../resourceType.ts';
import type { ResourceHandle } from '../resourceType.ts';

/**
 * The typed package has an older api-version, without `forceToPurge` and `systemDatastoresAuthMode` (published in Azure/bicep-types-az, not
 * in 2024-10-01).
 */
export const machineLearningVersion = '2025-12-01';
/** The default datastores hold no account key. */
const systemDatastoresAuthMode = 'Identity';

export interface WorkspaceModel {
  id?: string;
  location: string;
  identity: { type: string; principalId?: string };
  properties: {
    friendlyName?: string;
    storageAccount?: string;
    keyVault?: string;
    containerRegistry?: string;
    applicationInsights?: string;
    publicNetworkAccess?: string;
    v1LegacyMode?: boolean;
    systemDatastoresAuthMode?: string;
    workspaceId?: string;
    discoveryUrl?: string;
    provisioningState?: string;
    managedNetwork?: NetworkModel;
  };
}

/** Reads the workspace, with its guid (`workspaceId`), which DNS names contain. */
export const getWorkspace = async ({ generic, id }: Pick<ResourceHandle, 'generic' | 'id'>): Promise<WorkspaceModel> =>
  (await generic.send('GET', id, machineLearningVersion)) as WorkspaceModel;

/** Rules are requests of their own. The cheaper firewall is enough for rules about host names; without one, there is none. */
const networkBody = (options: NetworkSpec) => ({
  isolationMode: isolationModeOf(options),
  ...(needsFirewall(options) && { firewallSku: 'Basic' }),
});

export const workspace = defineResourceType<WorkspaceModel>({
  type: 'Microsoft.MachineLearningServices/workspaces',
  get: getWorkspace,
  // Without `forceToPurge`, the workspace stays soft-deleted and reserves its name for 14 days (DEL-1).
  delete: ({ generic, id }) => generic.send('DELETE', id, machineLearningVersion, { query: { forceToPurge: 'true' } }),
  put: {
    send: ({ generic, id }, body) => generic.send('PUT', id, machineLearningVersion, { body }),
    body: ({ ref, options }) => ({
      location: ref.location,
      identity: { type: 'SystemAssigned' },
      properties: {
        friendlyName: ref.name,
        storageAccount: plannedResource(ref, 'storageAccount').id,
        keyVault: plannedResource(ref, 'vault').id,
        containerRegistry: plannedResource(ref, 'registry').id,
        applicationInsights: plannedResource(ref, 'applicationInsights').id,
        publicNetworkAccess: armAccess(openResources(options).workspace).publicNetworkAccess,
        v1LegacyMode: false, // PF-06
        systemDatastoresAuthMode,
        ...(hasManagedNetwork(options) && { managedNetwork: networkBody(options) }),
      },
    }),
  },
  // some combinations of both end with InternalServerError only (hashicorp/terraform-provider-azurerm#22150)
  sentAs: `api-version ${machineLearningVersion} and systemDatastoresAuthMode ${systemDatastoresAuthMode}`,
  recreateWhenFailed: true,
});
