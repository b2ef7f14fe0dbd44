import { asList, asObject, textOf } from '../../http/call.ts';
import { guidOf } from '../../http/signIn.ts';
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
    .map((deployment) =>
      connection(deployment, targetId, textOf(cloud.objects.get('egressConnectionState')) || 'Approved'),
    )
    .concat(leftovers(cloud, targetId));
}

/** Connections of others, as the object `connections:{target id}` in lower case lists them: `[{"status":"Disconnected","description":"…"}]`. */
function leftovers(cloud: Cloud, targetId: string): JsonObject[] {
  return asList(cloud.objects.get(`connections:${targetId.toLowerCase()}`)).map((given, index) => {
    const { status = 'Disconnected', description = '' } = asObject(given);
    const other = `/subscriptions/${guidOf('another subscription')}/resourceGroups/rg-other/providers/Microsoft.Network/privateEndpoints`;
    return connectionBody(targetId, `pe-other.${index + 1}`, `${other}/pe-other`, textOf(status), textOf(description));
  });
}

function reaches(cloud: Cloud, deployment: Resource, targetId: string): boolean {
  const workspace = workspaceOfDeployment(cloud, deployment);
  if (workspace === undefined) return false;
  const { storageAccount, containerRegistry } = workspace.properties;
  const targets = [workspace.id, nonEmptyText(storageAccount), nonEmptyText(containerRegistry)];
  return targets.some((target) => target !== undefined && sameId(target, targetId));
}

function connection(deployment: Resource, targetId: string, status: string): JsonObject {
  const [, subscription, , , , , , workspace, , endpoint] = deployment.id.split('/').slice(1);
  const name = `${workspace}.${endpoint}.${deployment.name}.egress`;
  const endpointId = `/subscriptions/${subscription}/resourceGroups/azureml-managed/providers/Microsoft.Network/privateEndpoints/${name}`;
  const description = 'Egress for Microsoft.MachineLearningServices/workspaces/onlineEndpoints';
  return connectionBody(targetId, name, endpointId, status, description);
}

function connectionBody(
  targetId: string,
  name: string,
  endpointId: string,
  status: string,
  description: string,
): JsonObject {
  const targetType = targetId.split('/').slice(6, 8).join('/');
  return {
    id: `${targetId}/privateEndpointConnections/${name}`,
    name,
    type: `${targetType}/privateEndpointConnections`,
    properties: {
      provisioningState: 'Succeeded',
      privateEndpoint: { id: endpointId },
      privateLinkServiceConnectionState: connectionState(targetType, { status, description, actionsRequired: 'None' }),
    },
  };
}
