import { ArmError } from '../arm/model.ts';
import type {
  ActionRequest,
  Cloud,
  Draft,
  JsonObject,
  PutRequest,
  Resource,
  ResourceType,
  SubscriptionRoute,
} from '../arm/model.ts';
import { groupNotFound } from '../arm/armErrors.ts';
import { nameOf, sameId } from '../arm/ids.ts';
import { asObject, textOf } from '../http/call.ts';
import { tagsOf } from '../arm/tags.ts';
import { toArm } from '../arm/toArm.ts';
import { compileDeployment } from './compileDeployment.ts';
import type { CompiledDeployment } from './compileDeployment.ts';
import { deploymentType, durationOf, secretsOf, stateOf } from './deploymentState.ts';
import { operationsOf } from './deploymentOperations.ts';

const notFound = (id: string): ArmError =>
  new ArmError(404, 'DeploymentNotFound', `Deployment '${nameOf(id)}' could not be found.`);

/** ARM keeps 800 deployments of a group (Azure docs, "Azure subscription limits"). */
const deploymentsPerGroup = 800;

function prepare(cloud: Cloud, { id, name, body, existing }: PutRequest): Draft {
  if (!/^[-\w.()]{1,64}$/.test(name))
    throw new ArmError(
      400,
      'InvalidDeploymentName',
      `The deployment name '${name}' is invalid. The name can have up to 64 letters, digits, underscores, parentheses, hyphens and periods.`,
    );
  const count = deploymentsAt(cloud, scopeOf(id)).length;
  if (!existing && count >= deploymentsPerGroup)
    throw new ArmError(
      409,
      'DeploymentQuotaExceeded',
      `Creating the deployment '${name}' would exceed the quota of '${deploymentsPerGroup}'. The current deployment count is '${count}'. Please delete some deployments before creating a new one, see https://aka.ms/800LimitFix for information on managing deployment limits.`,
    );
  const { template, parameters, resources, shown } = compileDeployment(cloud, id, body);
  const steps = resources.map((resource) => ({ ...resource, state: 'waiting' as const }));
  const tags = tagsOf(body);
  return { properties: shown, secrets: secretsOf({ template, parameters, steps }), ...(tags ? { tags } : {}) };
}

const scopeOf = (id: string): string => id.slice(0, id.lastIndexOf('/providers/'));

/** The deployments of a group; not those of what is in it. */
const deploymentsAt = (cloud: Cloud, scope: string): Resource[] =>
  cloud.descendants(scope, deploymentType).filter(({ id }) => sameId(scopeOf(id), scope));

function describe(cloud: Cloud, resource: Resource): JsonObject {
  const { operation, properties } = resource;
  const begun = stateOf(resource).steps.some(({ state }) => state !== 'waiting');
  const running = operation !== undefined && operation.kind !== 'delete' && !operation.settled;
  const provisioningState = running ? (begun ? 'Running' : 'Accepted') : cloud.provisioningState(resource);
  const startedAt = operation?.startedAt ?? resource.createdAt;
  const until = operation?.settled ? (operation.endsAt ?? cloud.now()) : cloud.now();
  return {
    properties: {
      ...properties,
      provisioningState,
      timestamp: new Date(until).toISOString(),
      duration: durationOf(startedAt, until),
      ...(operation?.correlationId === undefined ? {} : { correlationId: operation.correlationId }),
      ...(operation?.error && operation.settled ? { error: operation.error as unknown as JsonObject } : {}),
    },
  };
}

/** `$filter=provisioningState eq 'Failed'`, the only one that ARM documents for deployments. */
function listed(cloud: Cloud, scope: string, query: Record<string, string>): JsonObject[] {
  const wanted = /^provisioningState eq '(\w+)'$/i.exec(query['$filter'] ?? '')?.[1];
  const all = deploymentsAt(cloud, scope).map((resource) => toArm(cloud, deployment, resource, query));
  if (wanted === undefined) return all;
  return all.filter(({ properties }) => sameId(textOf(asObject(properties)['provisioningState']), wanted));
}

function cancel(cloud: Cloud, resource: Resource): { status: number } {
  const running = cloud.running(resource);
  if (!running || running.kind === 'delete')
    throw new ArmError(
      409,
      'DeploymentCannotBeCancelled',
      `The deployment '${resource.name}' cannot be cancelled because it is not active.`,
    );
  cloud.end(running, 'Canceled', {
    code: 'DeploymentCanceled',
    message: 'The deployment was canceled. Operations that it has begun continue.',
  });
  return { status: 204 };
}

/**
 * Deployments of templates. `deploymentRunner.ts` executes them and ends their operation; by the clock it ends only when the deployment
 * has expired.
 */
const deployment: ResourceType = {
  type: deploymentType,
  style: 'deployment',
  duration: { put: 'deployment.expiry', delete: 'deployment.delete' },
  proxy: true,
  stateless: true,
  extension: true,
  prepare,
  completionError: (_cloud, { name }) => ({
    code: 'DeploymentTimedOut',
    message: `The deployment '${name}' has expired before all its resources were created.`,
  }),
  toArm: describe,
  list: listed,
  notFound,
  actions: {
    cancel,
    exporttemplate: (_cloud, resource) => ({ status: 200, body: { template: stateOf(resource).template } }),
  },
};

export const types: ResourceType[] = [deployment];

type Routed = ActionRequest & { subscriptionId: string; params: Record<string, string> };

/** The id of the deployment that a route addresses. Throws 404 when there is no such group. */
function addressed(cloud: Cloud, { subscriptionId, params: { group = '', name = '' } }: Routed): string {
  const found = cloud.find(`/subscriptions/${subscriptionId}/resourceGroups/${group}`);
  if (!found) throw groupNotFound(group);
  return `${found.id}/providers/${deploymentType}/${name}`;
}

function existing(cloud: Cloud, request: Routed): Resource {
  const id = addressed(cloud, request);
  const found = cloud.find(id);
  if (!found) throw notFound(id);
  return found;
}

function validated(cloud: Cloud, id: string, { shown, resources }: CompiledDeployment): JsonObject {
  const at = new Date(cloud.now()).toISOString();
  const validatedResources = resources.map((resource) => ({ id: resource.id }));
  const properties = { ...shown, provisioningState: 'Succeeded', timestamp: at, duration: 'PT0S', validatedResources };
  return { id, name: nameOf(id), type: deploymentType, properties };
}

const path = '/resourceGroups/{group}/providers/Microsoft.Resources/deployments/{name}';

/** The operations of a deployment have a path of their own, without a provider (azure-rest-api-specs: DeploymentOperations_List). */
const operations = '/resourceGroups/{group}/deployments/{name}/operations';

export const routes: SubscriptionRoute[] = [
  {
    method: 'POST',
    path: `${path}/validate`,
    handle: (cloud, request) => {
      const id = addressed(cloud, request);
      return { status: 200, body: validated(cloud, id, compileDeployment(cloud, id, request.body)) };
    },
  },
  {
    method: 'GET',
    path: operations,
    handle: (cloud, request) => ({ status: 200, body: { value: operationsOf(cloud, existing(cloud, request)) } }),
  },
  {
    method: 'GET',
    path: `${operations}/{operationId}`,
    handle: (cloud, request) => {
      const { operationId = '', name = '' } = request.params;
      const found = operationsOf(cloud, existing(cloud, request)).find((one) => one['operationId'] === operationId);
      if (found) return { status: 200, body: found };
      const message = `The deployment operation '${operationId}' of deployment '${name}' could not be found.`;
      throw new ArmError(404, 'DeploymentOperationNotFound', message);
    },
  },
];
