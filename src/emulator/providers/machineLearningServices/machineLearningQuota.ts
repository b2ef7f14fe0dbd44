import { regionOf } from '../../arm/regions.ts';
import type { ActionReply, JsonObject, Resource, SubscriptionRoute, Cloud } from '../../arm/model.ts';
import { nonEmptyText, quotaLimit, sameSubscription } from '../resourceHelpers.ts';
import { deploymentType, workspaceType } from './typeNames.ts';
import { coresNeeded, instanceTypeOf, instanceTypes } from './machineLearningSizes.ts';
import type { InstanceType } from './machineLearningSizes.ts';

const defaultCores = 100;

/** Families and whether they are GPU families, each once. */
const families = new Map(instanceTypes.map(({ family, gpus }) => [family, gpus !== 0]));

/** Dedicated cores of a family in a region; GPU families begin with none (Azure docs: manage quotas). */
export function coreLimit(cloud: Cloud, family: string, location: string): number {
  return quotaLimit(cloud, `ml:${family}:${location}`, families.get(family) === true ? 0 : defaultCores);
}

/** Number of instances of a deployment. */
export function instancesOf(deployment: Resource): number {
  const capacity = deployment.sku?.['capacity'];
  return typeof capacity === 'number' ? capacity : 1;
}

/** Cores of a family that the deployments of a subscription hold in a region, failed ones included until they are deleted. */
export function coresInUse(
  cloud: Cloud,
  subscriptionId: string,
  family: string,
  location: string,
  exceptId = '',
): number {
  return cloud
    .ofType(deploymentType)
    .filter((deployment) => deployment.id !== exceptId && deployment.location === location)
    .filter((deployment) => sameSubscription(deployment.id, subscriptionId))
    .map((deployment) => ({ deployment, type: sizeOf(deployment) }))
    .filter(({ type }) => type?.family === family)
    .reduce((sum, { deployment, type }) => sum + (type ? coresNeeded(type, instancesOf(deployment)) : 0), 0);
}

function sizeOf(deployment: Resource): InstanceType | undefined {
  return instanceTypeOf(nonEmptyText(deployment.properties['instanceType']) ?? '');
}

type Place = { subscriptionId: string; params: Record<string, string> };

type Count = { currentValue?: number; limit: number };

/**
 * The rows of `usages` and `quotas`: dedicated cores of each family and of all; low-priority ones, unlimited by family, whose rows have the same
 * names; and those of each workspace (azure-rest-api-specs: Usage/list).
 */
function rows(
  cloud: Cloud,
  { subscriptionId, params }: Place,
  kind: 'usages' | 'quotas',
  row: (family: string, location: string) => Count,
): ActionReply {
  const location = regionOf(params['location'] ?? '', `Microsoft.MachineLearningServices/${kind}`);
  const base = `/subscriptions/${subscriptionId}/providers/Microsoft.MachineLearningServices/locations/${location}/${kind}`;
  const of = (id: string, type: string, value: string, count: Count): JsonObject => ({
    id,
    type: `Microsoft.MachineLearningServices/${type}/${kind}`,
    amlWorkspaceLocation: location,
    unit: 'Count',
    name: { value, localizedValue: value },
    ...count,
  });
  const none = (limit: number): Count => ({ ...(kind === 'usages' ? { currentValue: 0 } : {}), limit });
  const names = [...families.keys()];
  const counts = new Map(names.map((family) => [family, row(family, location)]));
  const workspaces = cloud.ofType(workspaceType).filter(({ id }) => sameSubscription(id, subscriptionId));
  const value = [
    ...names.map((family) => of(`${base}/${family}`, 'vmFamily/lowPriorityCores', family, none(-1))),
    ...workspaces.flatMap(({ id }) =>
      names.map((family) => of(`${id}/${kind}/${family}`, 'workspaces/dedicatedCores', family, none(-1))),
    ),
    ...names.map((family) => of(`${base}/${family}`, 'vmFamily/dedicatedCores', family, counts.get(family)!)),
    of(base, 'totalLowPriorityCores', 'TotalLowPriorityCores', none(100)),
    of(base, 'totalDedicatedCores', allCores, {
      ...(kind === 'usages' ? { currentValue: sum([...counts.values()].map((count) => count.currentValue ?? 0)) } : {}),
      limit: quotaLimit(cloud, `ml:${allCores}:${location}`, 1000),
    }),
  ];
  return { status: 200, body: { value } };
}

const allCores = 'TotalDedicatedCores';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

function vmSizes(): ActionReply {
  const value = instanceTypes.map(({ size, family, cores, gpus }) => ({
    name: size,
    family,
    vCPUs: cores,
    gpus: typeof gpus === 'number' ? gpus : 1,
    supportedComputeTypes: ['ManagedOnlineEndpoints'],
  }));
  return { status: 200, body: { value } };
}

const base = '/providers/Microsoft.MachineLearningServices/locations/{location}';

/** Usages, quotas and VM sizes of a region. */
export const quotaRoutes: SubscriptionRoute[] = [
  {
    method: 'GET',
    path: `${base}/usages`,
    handle: (cloud, request) =>
      rows(cloud, request, 'usages', (family, location) => ({
        currentValue: coresInUse(cloud, request.subscriptionId, family, location),
        limit: coreLimit(cloud, family, location),
      })),
  },
  {
    method: 'GET',
    path: `${base}/quotas`,
    handle: (cloud, request) =>
      rows(cloud, request, 'quotas', (family, location) => ({ limit: coreLimit(cloud, family, location) })),
  },
  { method: 'GET', path: `${base}/vmSizes`, handle: vmSizes },
];
