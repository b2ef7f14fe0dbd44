import { asObject } from '../../http/call.ts';
import { sameId } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { Draft, ErrorBody, JsonObject, PutRequest, Resource, ResourceType, Cloud } from '../../arm/model.ts';
import { registrationOf } from '../resources/providerRegistrations.ts';
import {
  ancestorId,
  completeIdentity,
  nonEmptyText,
  newKey,
  patchAsPut,
  quotaLimit,
  subscriptionOf,
  trackedMembers,
} from '../resourceHelpers.ts';
import { endpointActions } from './onlineEndpointActions.ts';
import { endpointType } from './typeNames.ts';

/** Endpoint and deployment names: a letter first, 3 to 32 letters, digits and single dashes (Azure docs: manage quotas). */
export const inferenceName = /^(?!.*--)[A-Za-z][-A-Za-z0-9]{1,30}[A-Za-z0-9]$/;

/** @throws ArmError 400: a bad name, or one that is taken in the region (PF-43), also by an endpoint still being deleted (DEL-19) */
function checkName(cloud: Cloud, request: PutRequest, location: string): void {
  const { name, id } = request;
  if (!inferenceName.test(name)) {
    const message = `Endpoint name '${name}' is invalid: it begins with a letter and has 3 to 32 letters, digits and single dashes.`;
    throw new ArmError(400, 'BadRequest', message);
  }
  const deleting = request.existing && cloud.running(request.existing)?.kind === 'delete';
  const taken = cloud
    .ofType(endpointType)
    .some(
      (other) =>
        other.location === location && sameId(other.name, name) && (!sameId(other.id, id) || deleting === true),
    );
  if (taken) {
    const message =
      'There is already an endpoint with this name, Endpoint name needs to be unique within a region. Try some other name.';
    throw new ArmError(400, 'BadRequest', message, { details: [{ code: 'InferencingClientCallFailed', message }] });
  }
}

/** @throws ArmError 400 for a workspace that cannot have a managed endpoint (PF-05, PF-15) or has too many */
function checkWorkspace(cloud: Cloud, workspace: Resource, request: PutRequest, location: string): void {
  if (workspace.properties['v1LegacyMode'] === true) {
    const message = `Online endpoint '${request.name}' cannot be created: workspace '${workspace.name}' has V1LegacyMode == true, which disables v2 APIs.`;
    throw new ArmError(400, 'BadRequest', message);
  }
  if (workspace.location !== location) {
    const message = `Online endpoint '${request.name}' must be in location '${workspace.location}' of its workspace.`;
    throw new ArmError(400, 'BadRequest', message);
  }
  const vault = cloud.find(nonEmptyText(workspace.properties['keyVault']) ?? '');
  const firewall = asObject(vault?.properties['networkAcls']);
  const keyAuth = asObject(request.body['properties'])['authMode'] === 'Key';
  if (keyAuth && firewall['defaultAction'] === 'Deny' && firewall['bypass'] !== 'AzureServices') {
    const message = `Online endpoint '${request.name}' with key-based authentication needs bypass AzureServices on the firewall of key vault '${vault?.name}'.`;
    throw new ArmError(400, 'BadRequest', message);
  }
  const limit = quotaLimit(cloud, `ml:endpoints:${location}`, 100);
  const others = cloud
    .ofType(endpointType)
    .filter((other) => other.location === location && subscriptionOf(other.id) === subscriptionOf(request.id));
  if (!request.existing && others.length >= limit) {
    throw new ArmError(400, 'BadRequest', `The limit of ${limit} endpoints in region ${location} is reached.`);
  }
}

/** @throws ArmError 400 unless the percentages name existing deployments and sum to 0 or 100 */
function checkTraffic(cloud: Cloud, endpointId: string, traffic: JsonObject): void {
  const total = Object.values(traffic).reduce((sum: number, share) => sum + Number(share), 0);
  if (total !== 0 && total !== 100) {
    throw new ArmError(400, 'BadRequest', `The traffic of an endpoint must sum to 0 or 100 percent, not ${total}.`);
  }
  for (const name of Object.keys(traffic)) {
    if (cloud.find(`${endpointId}/deployments/${name}`)) continue;
    throw new ArmError(400, 'BadRequest', `Traffic names deployment '${name}', which does not exist in this endpoint.`);
  }
}

function prepare(cloud: Cloud, request: PutRequest, workspace: Resource): Draft {
  const tracked = trackedMembers(request);
  checkName(cloud, request, tracked.location);
  checkWorkspace(cloud, workspace, request, tracked.location);
  const asked = asObject(request.body['properties']);
  const authMode = nonEmptyText(asked['authMode']);
  if (authMode === undefined || !['Key', 'AMLToken', 'AADToken'].includes(authMode)) {
    throw new ArmError(
      400,
      'BadRequest',
      `Online endpoint '${request.name}' needs properties.authMode Key, AMLToken or AADToken.`,
    );
  }
  const identity = completeIdentity(cloud, request);
  if (identity === undefined) {
    throw new ArmError(400, 'BadRequest', `Online endpoint '${request.name}' needs an identity.`);
  }
  const traffic =
    asked['traffic'] === undefined ? asObject(request.existing?.properties['traffic']) : asObject(asked['traffic']);
  checkTraffic(cloud, request.id, traffic);
  const { keys, ...kept } = asked;
  const given = asObject(keys);
  const host = `https://${request.name.toLowerCase()}.${tracked.location}.inference.ml.azure.com`;
  return {
    ...tracked,
    kind: 'Managed',
    identity,
    properties: {
      description: null,
      publicNetworkAccess: 'Enabled',
      compute: null,
      ...kept,
      properties: asObject(asked['properties']),
      keys: null,
      authMode,
      traffic,
      scoringUri: `${host}/score`,
      swaggerUri: `${host}/swagger.json`,
    },
    secrets: request.existing?.secrets ?? {
      primaryKey: nonEmptyText(given['primaryKey']) ?? newKey(24),
      secondaryKey: nonEmptyText(given['secondaryKey']) ?? newKey(24),
    },
  };
}

/** An endpoint's addresses are part of the reply once it has been created. */
function present(cloud: Cloud, endpoint: Resource): JsonObject {
  const creating = cloud.running(endpoint)?.kind === 'create';
  const properties = {
    ...asObject(endpoint.properties['properties']),
    'azureml.onlineendpointid': endpoint.id.toLowerCase(),
    ...(endpoint.operation && { AzureAsyncOperationUri: statusUri(endpoint) }),
  };
  return {
    properties: {
      ...endpoint.properties,
      properties,
      ...(creating && { scoringUri: null, swaggerUri: null }),
    },
  };
}

/** A path and no address: nothing here may point a client at the real Azure. */
function statusUri(endpoint: Resource): string {
  const place = `/subscriptions/${subscriptionOf(endpoint.id)}/providers/Microsoft.MachineLearningServices/locations/${endpoint.location}`;
  return `${place}/mfeOperationsStatus/oe:${endpoint.operation?.id}`;
}

/** The resources that Azure creates for an endpoint need two more resource providers, which the error does not name (Microsoft Q&A 1983847). */
function notRegistered(cloud: Cloud): ErrorBody | undefined {
  const registered = ['Microsoft.PolicyInsights', 'Microsoft.Cdn'].every(
    (namespace) => registrationOf(cloud, namespace) === 'Registered',
  );
  if (registered) return undefined;
  const message =
    "Resource provider [N/A] isn't registered with Subscription [N/A]. Please see troubleshooting guide, available here: https://aka.ms/register-resource-provider";
  return { code: 'SubscriptionNotRegistered', message };
}

function workspaceOf(cloud: Cloud, endpointId: string): Resource {
  const workspace = cloud.find(ancestorId(endpointId, 1));
  if (workspace) return workspace;
  throw new ArmError(404, 'ParentResourceNotFound', `The workspace of '${endpointId}' was not found.`);
}

/** Managed online endpoints; their keys are created once and returned only by `listKeys`. */
export const onlineEndpoint: ResourceType = {
  type: endpointType,
  style: 'machineLearning',
  duration: {
    put: 'onlineEndpoint.put',
    update: 'onlineEndpoint.traffic',
    patch: 'onlineEndpoint.traffic',
    delete: 'onlineEndpoint.delete',
  },
  prepare: (cloud, request) => prepare(cloud, request, workspaceOf(cloud, request.id)),
  patch: (cloud, resource, body) => prepare(cloud, patchAsPut(resource, body), workspaceOf(cloud, resource.id)),
  completionError: notRegistered,
  toArm: present,
  actions: endpointActions,
};
