import { asObject } from '../../http/call.ts';
import { ArmError } from '../../arm/model.ts';
import type { ActionReply, Draft, JsonObject, PutRequest, Resource, ResourceType, Cloud } from '../../arm/model.ts';
import { ancestorId, nonEmptyText, patchAsPut, trackedMembers, printable } from '../resourceHelpers.ts';
import { readAsset } from './assetReferences.ts';
import { requireIdle } from './onlineEndpointActions.ts';
import { forgetEgressConnections, workspaceOfDeployment } from './egressConnections.ts';
import { deploymentLog, livenessSeconds, modelLoadSeconds } from './deploymentStart.ts';
import { checkCores } from './quotaRefusal.ts';
import { deploymentFailure } from './deploymentFailure.ts';
import { inferenceName } from './onlineEndpoints.ts';
import { deploymentType } from './typeNames.ts';
import { instanceTypeOf } from './machineLearningSizes.ts';

/** Limits of managed online endpoints (Azure docs: manage quotas). */
const deploymentsPerEndpoint = 20;
const instancesPerDeployment = 50;

function refuse(message: string): never {
  throw new ArmError(400, 'BadRequest', message);
}

/** @throws ArmError where the endpoint cannot take a deployment now */
function checkEndpoint(cloud: Cloud, request: PutRequest): Resource {
  const endpoint = cloud.find(ancestorId(request.id, 1));
  if (endpoint === undefined) {
    throw new ArmError(404, 'ParentResourceNotFound', `The endpoint of deployment '${request.name}' was not found.`);
  }
  const state = cloud.provisioningState(endpoint);
  // Azure/azure-sdk-for-net#36961
  if (state !== 'Succeeded') {
    refuse(`Cannot create a deployment in endpoint ${endpoint.name} because it is in ${state} provisioning state.`);
  }
  const siblings = cloud.descendants(endpoint.id, deploymentType);
  if (!request.existing && siblings.length >= deploymentsPerEndpoint) {
    refuse(`Endpoint '${endpoint.name}' has its ${deploymentsPerEndpoint} deployments.`);
  }
  return endpoint;
}

/** What `egressPublicNetworkAccess` allows (PF-07, PF-11, PF-13, PF-14). */
function checkEgress(cloud: Cloud, request: PutRequest, workspace: Resource, asked: JsonObject): void {
  const egress = nonEmptyText(asked['egressPublicNetworkAccess']) ?? 'Enabled';
  const before = request.existing?.properties['egressPublicNetworkAccess'];
  if (before !== undefined && before !== egress) {
    refuse(`egressPublicNetworkAccess of deployment '${request.name}' cannot be changed after its creation.`);
  }
  const managed = asObject(workspace.properties['managedNetwork'])['isolationMode'] ?? 'Disabled';
  if (egress === 'Disabled' && managed !== 'Disabled') {
    refuse(
      `egressPublicNetworkAccess does not apply in workspace '${workspace.name}', which has a managed network (${printable(managed)}).`,
    );
  }
  const model = readAsset(cloud, workspace, 'models', asked['model']);
  if (egress === 'Disabled' && model?.properties['modelType'] === 'mlflow_model') {
    throw new ArmError(400, 'BadArgument', 'MLflow model format with private network is unsupported.');
  }
}

function prepare(cloud: Cloud, request: PutRequest): Draft {
  const { name, body } = request;
  if (!inferenceName.test(name)) {
    refuse(
      `Deployment name '${name}' is invalid: it begins with a letter and has 3 to 32 letters, digits and single dashes.`,
    );
  }
  const endpoint = checkEndpoint(cloud, request);
  const workspace = cloud.find(ancestorId(request.id, 2));
  if (workspace === undefined) {
    throw new ArmError(404, 'ParentResourceNotFound', `The workspace of deployment '${name}' was not found.`);
  }
  const asked = asObject(body['properties']);
  if (asked['endpointComputeType'] !== 'Managed') {
    refuse(
      `Deployment '${name}' needs properties.endpointComputeType Managed; ${printable(asked['endpointComputeType'])} is not emulated.`,
    );
  }
  const tracked = trackedMembers(request);
  if (tracked.location !== endpoint.location) {
    refuse(`Deployment '${name}' must be in location '${endpoint.location}' of its endpoint.`);
  }
  const type = instanceTypeOf(nonEmptyText(asked['instanceType']) ?? '');
  if (type === undefined) {
    refuse(
      `The instance type '${printable(asked['instanceType'])}' of deployment '${name}' is not supported for managed online endpoints.`,
    );
  }
  const capacity = tracked.sku?.['capacity'] ?? 1;
  if (
    typeof capacity !== 'number' ||
    !Number.isInteger(capacity) ||
    capacity < 1 ||
    capacity > instancesPerDeployment
  ) {
    refuse(`sku.capacity of deployment '${name}' must be between 1 and ${instancesPerDeployment}.`);
  }
  checkEgress(cloud, request, workspace, asked);
  checkCores(cloud, request, endpoint, type, capacity);
  return {
    ...tracked,
    sku: { name: 'Default', ...tracked.sku, capacity },
    kind: 'Managed',
    properties: {
      description: null,
      appInsightsEnabled: false,
      egressPublicNetworkAccess: 'Enabled',
      environmentVariables: {},
      modelMountPath: null,
      scaleSettings: { scaleType: 'Default' },
      requestSettings: { maxConcurrentRequestsPerInstance: 1, requestTimeout: 'PT5S', maxQueueWait: 'PT0.5S' },
      livenessProbe: probe,
      readinessProbe: probe,
      ...asked,
      properties: asObject(asked['properties']),
    },
  };
}

/** Azure docs: managed online deployment YAML reference. */
const probe: JsonObject = {
  initialDelay: 'PT10S',
  period: 'PT10S',
  timeout: 'PT2S',
  successThreshold: 1,
  failureThreshold: 30,
};

/** A deployment that still gets traffic is not deleted alone (DEL-18), nor while its endpoint is being changed. */
function validateDelete(cloud: Cloud, deployment: Resource): void {
  const endpoint = cloud.find(ancestorId(deployment.id, 1));
  if (endpoint) requireIdle(cloud, endpoint);
  const share = Number(asObject(endpoint?.properties['traffic'])[deployment.name] ?? 0);
  if (share > 0) {
    refuse(
      `Deployment '${deployment.name}' gets ${share} % of the traffic of its endpoint. Set its traffic to 0 before deleting it.`,
    );
  }
}

function forgetTraffic(cloud: Cloud, deployment: Resource): void {
  const endpoint = cloud.find(ancestorId(deployment.id, 1));
  if (endpoint === undefined) return;
  const { [deployment.name]: _, ...left } = asObject(endpoint.properties['traffic']);
  endpoint.properties = { ...endpoint.properties, traffic: left };
  cloud.save(endpoint);
}

/** A model that loads slowly makes the deployment as much later, until the liveness probe gives up. */
function waitForModel(cloud: Cloud, deployment: Resource): void {
  const { operation } = deployment;
  if (operation === undefined || operation.endsAt === null) return;
  const load = Math.min(modelLoadSeconds(cloud, deployment), livenessSeconds(deployment));
  operation.endsAt += load * 1000 * cloud.timeScale;
}

/** The one SKU of a deployment and the instances that it allows (azure-rest-api-specs: OnlineDeployment/listSkus). */
const skuOf = ({ sku }: Resource): JsonObject => ({
  resourceType: 'Microsoft.MachineLearning.Services/endpoints/deployments',
  sku: { name: sku?.['name'] ?? 'Default', tier: sku?.['tier'] ?? 'Standard' },
  capacity: { minimum: 1, maximum: 50, default: 1, scaleType: 'Manual' },
});

function getLogs(cloud: Cloud, deployment: Resource, tail: number): ActionReply {
  return { status: 200, body: { content: deploymentLog(cloud, deployment).split('\n').slice(-tail).join('\n') } };
}

/** Managed online deployments. Success is decided when the operation ends, by the resources that exist then. */
export const onlineDeployment: ResourceType = {
  type: deploymentType,
  style: 'machineLearning',
  duration: { put: 'onlineDeployment.put', patch: 'onlineDeployment.put', delete: 'onlineEndpoint.delete' },
  prepare,
  onAccepted: waitForModel,
  patch: (cloud, resource, body) => {
    const { capacity } = asObject(body['sku']);
    const sku = { ...resource.sku, ...(capacity === undefined ? {} : { capacity }) };
    return prepare(cloud, patchAsPut(resource, { ...body, sku }));
  },
  completionError: (cloud, deployment) => {
    const workspace = workspaceOfDeployment(cloud, deployment);
    return workspace && deploymentFailure(cloud, workspace, deployment);
  },
  validateDelete,
  onDeleted: (cloud, deployment) => {
    forgetTraffic(cloud, deployment);
    forgetEgressConnections(cloud, deployment);
  },
  actions: {
    skus: (_cloud, deployment) => ({ status: 200, body: { value: [skuOf(deployment)] } }),
    getlogs: (cloud, deployment, { body }) =>
      getLogs(cloud, deployment, typeof body['tail'] === 'number' ? body['tail'] : 1000),
  },
};
