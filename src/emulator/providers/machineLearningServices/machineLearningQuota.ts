import { regionOf } from '../../arm/regions.ts';
import type { ActionReply, JsonObject, Resource, SubscriptionRoute, Cloud } from '../../arm/model.ts';
import { nonEmptyText, quotaLimit, sameSubscription } from '../resourceHelpers.ts';
import { sameId } from '../../arm/ids.ts';
import { deploymentType, workspaceType } from './typeNames.ts';
import { coresNeeded, instanceTypeOf, instanceTypes } from './machineLearningSizes.ts';
import type { InstanceType } from './machineLearningSizes.ts';

/** Limits of a subscription that is in use, and of a new pay-as-you-go one (object `quota:ml:subscription` = `new`). */
const defaultCores = { used: { family: 100, total: 1000 }, new: { family: 6, total: 20 } };

const defaults = (cloud: Cloud): { family: number; total: number } =>
  cloud.objects.get('quota:ml:subscription') === 'new' ? defaultCores.new : defaultCores.used;

/** Families and whether they are GPU families, each once. */
const families = new Map(instanceTypes.map(({ family, gpus }) => [family, gpus !== 0]));

/** Dedicated cores of a family in a region; GPU families begin with none (Azure docs: manage quotas). */
export function coreLimit(cloud: Cloud, family: string, location: string): number {
  return quotaLimit(cloud, `ml:${family}:${location}`, families.get(family) === true ? 0 : defaults(cloud).family);
}

/** Dedicated cores of all families together. */
export const totalCoreLimit = (cloud: Cloud, location: string): number =>
  quotaLimit(cloud, `ml:TotalDedicatedCores:${location}`, defaults(cloud).total);

/** Number of instances of a deployment. */
function instancesOf(deployment: Resource): number {
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
  return coresOf(
    deploymentsIn(cloud, subscriptionId, location).filter(({ id }) => !sameId(id, exceptId)),
    (type) => type.family === family,
  );
}

/** Cores of all families that the deployments of a subscription hold in a region. */
export const totalCoresInUse = (cloud: Cloud, subscriptionId: string, location: string, exceptId = ''): number =>
  coresOf(
    deploymentsIn(cloud, subscriptionId, location).filter(({ id }) => !sameId(id, exceptId)),
    () => true,
  );

function deploymentsIn(cloud: Cloud, subscriptionId: string, location: string): Resource[] {
  return cloud
    .ofType(deploymentType)
    .filter((deployment) => deployment.location === location && sameSubscription(deployment.id, subscriptionId));
}

function coresOf(deployments: Resource[], wanted: (type: InstanceType) => boolean): number {
  return deployments.reduce((sum, deployment) => {
    const type = sizeOf(deployment);
    return type && wanted(type) ? sum + coresNeeded(type, instancesOf(deployment)) : sum;
  }, 0);
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
    of(base, 'totalDedicatedCores', 'TotalDedicatedCores', {
      ...(kind === 'usages' ? { currentValue: totalCoresInUse(cloud, subscriptionId, location) } : {}),
      limit: totalCoreLimit(cloud, location),
    }),
  ];
  return { status: 200, body: { value } };
}

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
