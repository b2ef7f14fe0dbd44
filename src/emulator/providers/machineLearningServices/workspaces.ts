import { asObject } from '../../http/call.ts';
import { randomUUID } from 'node:crypto';
import { sameId } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { Draft, JsonObject, PutRequest, Resource, ResourceType, Cloud } from '../../arm/model.ts';
import { connectionsOf } from '../network/privateEndpointConnections.ts';
import {
  completeIdentity,
  nonEmptyText,
  newKey,
  patchAsPut,
  subscriptionOf,
  tenantId,
  trackedMembers,
} from '../resourceHelpers.ts';
import { addDefaultDatastores } from './datastores.ts';
import { provisioning, shownNetwork } from './managedNetwork/networkState.ts';
import { completeProvisioning } from './managedNetwork/provisionNetwork.ts';
import { checkNetwork, networkDraft, requireNetworkIdle, writeNetwork } from './managedNetwork/workspaceNetwork.ts';
import { workspaceType } from './typeNames.ts';
import { workspaceActions } from './workspaceActions.ts';
import { storeDeletedWorkspace, purgeDeletedWorkspace, requireNameNotSoftDeleted } from './deletedWorkspaces.ts';

/** The resources that a workspace depends on, by member of its properties. */
const dependencies: Record<string, { type: string; required: boolean }> = {
  storageAccount: { type: 'Microsoft.Storage/storageAccounts', required: true },
  keyVault: { type: 'Microsoft.KeyVault/vaults', required: true },
  applicationInsights: { type: 'Microsoft.Insights/components', required: false },
  containerRegistry: { type: 'Microsoft.ContainerRegistry/registries', required: false },
};

/** @throws ArmError 400 where one is missing, of another type, not ready, or in another subscription (PF-09) */
function checkDependencies(cloud: Cloud, request: PutRequest, asked: JsonObject): void {
  for (const [member, { type, required }] of Object.entries(dependencies)) {
    const id = nonEmptyText(asked[member]);
    if (id === undefined) {
      if (!required) continue;
      throw new ArmError(400, 'ValidationError', `Missing dependent resources in workspace json: ${member}.`);
    }
    const found = cloud.find(id);
    if (found === undefined || found.type !== type) {
      throw new ArmError(
        400,
        'ResourceNotFound',
        `The ${member} '${id}' of workspace '${request.name}' was not found.`,
      );
    }
    if (!sameId(subscriptionOf(id), subscriptionOf(request.id))) {
      const message = `The ${member} '${id}' must be in the subscription of workspace '${request.name}'.`;
      throw new ArmError(400, 'ValidationError', message);
    }
    if (cloud.provisioningState(found) !== 'Succeeded') {
      const message = `The ${member} '${id}' is in state ${cloud.provisioningState(found)}; it must have Succeeded.`;
      throw new ArmError(409, 'Conflict', message);
    }
  }
}

function prepare(cloud: Cloud, request: PutRequest): Draft {
  const { name, id, existing } = request;
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{2,32}$/.test(name)) {
    const message = `Workspace name '${name}' is invalid: 3 to 33 letters, digits, hyphens and underscores, beginning with a letter or digit.`;
    throw new ArmError(400, 'ValidationError', message);
  }
  requireNameNotSoftDeleted(cloud, id);
  const asked = asObject(request.body['properties']);
  checkDependencies(cloud, request, asked);
  const tracked = trackedMembers(request);
  const identity = completeIdentity(cloud, request);
  if (identity === undefined) {
    throw new ArmError(400, 'ValidationError', `Workspace '${name}' needs an identity.`);
  }
  const location = tracked.location;
  const managedNetwork = networkDraft(request);
  checkNetwork(cloud, { id, properties: { ...asked, managedNetwork } }, request.body);
  const workspaceId = nonEmptyText(existing?.properties['workspaceId']) ?? randomUUID();
  return {
    ...tracked,
    sku: tracked.sku ?? { name: 'Basic', tier: 'Basic' },
    kind: tracked.kind ?? 'Default',
    identity,
    properties: {
      friendlyName: name,
      hbiWorkspace: false,
      publicNetworkAccess: 'Enabled',
      // Before 2022-05-01 the platform's older API was the default (Azure docs: configure network isolation with v2).
      v1LegacyMode: request.apiVersion < '2022-05-01',
      ...(existing && { v1LegacyMode: existing.properties['v1LegacyMode'] ?? false }),
      ...asked,
      managedNetwork,
      workspaceId,
      tenantId,
      discoveryUrl: `https://${location}.api.azureml.ms/discovery`,
      mlFlowTrackingUri: `azureml://${location}.api.azureml.ms/mlflow/v1.0${id}`,
      notebookInfo: {
        resourceId: workspaceId.replaceAll('-', ''),
        fqdn: `ml-${name}-${location}-${workspaceId}.${location}.notebooks.azure.net`.toLowerCase(),
      },
    },
    secrets: existing?.secrets ?? { notebookKey: newKey(), registryPassword: newKey(39) },
  };
}

function present(cloud: Cloud, workspace: Resource): JsonObject {
  const connections = connectionsOf(cloud, workspace.id);
  return {
    properties: {
      ...workspace.properties,
      managedNetwork: shownNetwork(cloud, workspace),
      privateEndpointConnections: connections,
      privateLinkCount: connections.length,
    },
  };
}

/** Machine Learning workspaces. Deleting one is soft unless `forceToPurge=true` (DEL-1). */
export const workspace: ResourceType = {
  type: workspaceType,
  style: 'workspace',
  duration: { put: 'workspace.put', delete: 'workspace.delete' },
  prepare,
  patch: (cloud, resource, body) => {
    const draft = prepare(cloud, patchAsPut(resource, body));
    writeNetwork(cloud, { ...resource, ...draft }, body);
    return draft;
  },
  onAccepted: (cloud, resource, { body }) => writeNetwork(cloud, resource, body),
  onCreated: addDefaultDatastores,
  toArm: present,
  actions: workspaceActions,
  onActionEnded: (cloud, resource, action) => {
    if (action === provisioning) completeProvisioning(cloud, resource);
  },
  validateDelete: requireNetworkIdle,
  onDeleted: storeDeletedWorkspace,
  purge: purgeDeletedWorkspace,
};
