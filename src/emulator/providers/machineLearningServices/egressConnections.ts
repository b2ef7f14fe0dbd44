import { asList, asObject, textOf } from '../../http/call.ts';
import { guidOf } from '../../http/signIn.ts';
import type { JsonObject, Resource, Cloud } from '../../arm/model.ts';
import { sameId } from '../../arm/ids.ts';
import { autoApproved, connectionState } from '../network/privateLinkGroups.ts';
import { ancestorId, nonEmptyText, subscriptionOf } from '../resourceHelpers.ts';
import { managedEndpoints } from './managedNetwork/networkConnections.ts';
import type { ManagedEndpoint } from './managedNetwork/networkConnections.ts';
import { deploymentType, workspaceType } from './typeNames.ts';

/** The workspace above a deployment. */
export function workspaceOfDeployment(cloud: Cloud, deployment: Resource): Resource | undefined {
  return cloud.find(ancestorId(deployment.id, 2));
}

/**
 * The private endpoint connections that deployments with `egressPublicNetworkAccess: Disabled` hold on their workspace, its
 * storage account and its registry, for as long as they live (DEL-20), and those of managed networks.
 */
export function egressConnections(cloud: Cloud, targetId: string): JsonObject[] {
  const workspaces = cloud.referring(targetId, workspaceType).map(({ id }) => id);
  return [targetId, ...workspaces]
    .flatMap((id) => cloud.descendants(id, deploymentType))
    .filter((deployment) => deployment.properties['egressPublicNetworkAccess'] === 'Disabled')
    .filter((deployment) => reaches(cloud, deployment, targetId))
    .map((deployment) =>
      connection(deployment, targetId, textOf(cloud.objects.get('egressConnectionState')) || 'Approved'),
    )
    .concat(managedEndpoints(cloud, targetId).map((endpoint) => managedConnection(cloud, endpoint)))
    .concat(leftovers(cloud, targetId))
    .map((row) => decided(cloud, row));
}

/** The connection of a private endpoint of a managed network. */
function managedConnection(cloud: Cloud, { targetId, name, endpointId }: ManagedEndpoint): JsonObject {
  const status = textOf(cloud.objects.get('egressConnectionState')) || 'Approved';
  return connectionBody(targetId, name, endpointId, status, autoApproved);
}

/** Somebody's decision on a connection is stored as a resource of its id. */
function decided(cloud: Cloud, row: JsonObject): JsonObject {
  const stored = cloud.find(textOf(row['id']))?.properties;
  return stored ? { ...row, properties: { ...asObject(row['properties']), ...stored } } : row;
}

/** The decisions on the connections of a deployment go with it. */
export function forgetEgressConnections(cloud: Cloud, deployment: Resource): void {
  for (const targetId of targetsOf(cloud, deployment))
    cloud.remove(`${targetId}/privateEndpointConnections/${nameOf(deployment)}`);
}

/** Connections of others, as the object `connections:{target id}` in lower case lists them: `[{"status":"Disconnected","description":"…"}]`. */
function leftovers(cloud: Cloud, targetId: string): JsonObject[] {
  return asList(cloud.objects.get(`connections:${targetId.toLowerCase()}`)).map((given, index) => {
    const { status = 'Disconnected', description = '' } = asObject(given);
    const other = `/subscriptions/${guidOf('another subscription')}/resourceGroups/rg-other/providers/Microsoft.Network/privateEndpoints`;
    return connectionBody(targetId, `pe-other.${index + 1}`, `${other}/pe-other`, textOf(status), textOf(description));
  });
}

/** The workspace of a deployment, its storage account and its registry. */
function targetsOf(cloud: Cloud, deployment: Resource): string[] {
  const workspace = workspaceOfDeployment(cloud, deployment);
  if (workspace === undefined) return [];
  const { storageAccount, containerRegistry } = workspace.properties;
  return [workspace.id, nonEmptyText(storageAccount), nonEmptyText(containerRegistry)].filter((id) => id !== undefined);
}

const reaches = (cloud: Cloud, deployment: Resource, targetId: string): boolean =>
  targetsOf(cloud, deployment).some((target) => sameId(target, targetId));

function nameOf({ id, name }: Resource): string {
  const [, , , , , , , workspace, , endpoint] = id.split('/').slice(1);
  return `${workspace}.${endpoint}.${name}.egress`;
}

function connection(deployment: Resource, targetId: string, status: string): JsonObject {
  const name = nameOf(deployment);
  const endpointId = `/subscriptions/${subscriptionOf(deployment.id)}/resourceGroups/azureml-managed/providers/Microsoft.Network/privateEndpoints/${name}`;
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
