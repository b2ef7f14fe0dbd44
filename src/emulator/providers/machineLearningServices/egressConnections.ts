import type { JsonObject, Resource, Cloud } from '../../arm/model.ts';
import { sameId } from '../../arm/ids.ts';
import { connectionState } from '../network/privateLinkGroups.ts';
import { ancestorId, nonEmptyText } from '../resourceHelpers.ts';
import { deploymentType } from './typeNames.ts';

/** The workspace above a deployment. */
export function workspaceOfDeployment(cloud: Cloud, deployment: Resource): Resource | undefined {
  return cloud.find(ancestorId(deployment.id, 2));
}

/**
 * The private endpoint connections that deployments with `egressPublicNetworkAccess: Disabled` hold on their workspace, its
 * storage account and its registry, for as long as they live (DEL-20).
 */
export function egressConnections(cloud: Cloud, targetId: string): JsonObject[] {
  return cloud
    .ofType(deploymentType)
    .filter((deployment) => deployment.properties['egressPublicNetworkAccess'] === 'Disabled')
    .filter((deployment) => reaches(cloud, deployment, targetId))
    .map((deployment) => connection(deployment, targetId));
}

function reaches(cloud: Cloud, deployment: Resource, targetId: string): boolean {
  const workspace = workspaceOfDeployment(cloud, deployment);
  if (workspace === undefined) return false;
  const { storageAccount, containerRegistry } = workspace.properties;
  const targets = [workspace.id, nonEmptyText(storageAccount), nonEmptyText(containerRegistry)];
  return targets.some((target) => target !== undefined && sameId(target, targetId));
}

function connection(deployment: Resource, targetId: string): JsonObject {
  const [, subscription, , , , , , workspace, , endpoint] = deployment.id.split('/').slice(1);
  const name = `${workspace}.${endpoint}.${deployment.name}.egress`;
  const targetType = targetId.split('/').slice(6, 8).join('/');
  return {
    id: `${targetId}/privateEndpointConnections/${name}`,
    name,
    type: `${targetType}/privateEndpointConnections`,
    properties: {
      provisioningState: 'Succeeded',
      privateEndpoint: {
        id: `/subscriptions/${subscription}/resourceGroups/azureml-managed/providers/Microsoft.Network/privateEndpoints/${name}`,
      },
      privateLinkServiceConnectionState: connectionState(targetType, {
        status: 'Approved',
        description: 'Egress for Microsoft.MachineLearningServices/workspaces/onlineEndpoints',
        actionsRequired: 'None',
      }),
    },
  };
}
