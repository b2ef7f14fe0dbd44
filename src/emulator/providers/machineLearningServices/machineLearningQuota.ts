import { regionOf } from '../../arm/regions.ts';
import type { ActionReply, JsonObject, Resource, SubscriptionRoute, Cloud } from '../../arm/model.ts';
import { nonEmptyText, quotaLimit, sameSubscription } from '../resourceHelpers.ts';
import { deploymentType } from './typeNames.ts';
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

/** One row for each family, as `usages` and `quotas` answer it. */
function rows(
  place: Place,
  kind: 'usages' | 'quotas',
  row: (family: string, location: string) => JsonObject,
): ActionReply {
  const location = regionOf(place.params['location'] ?? '', `Microsoft.MachineLearningServices/${kind}`);
  const base = `/subscriptions/${place.subscriptionId}/providers/Microsoft.MachineLearningServices/locations/${location}/${kind}`;
  const value = [...families.keys()].map((family) => ({
    id: `${base}/${family}`,
    type: `Microsoft.MachineLearningServices/dedicatedCores/${kind}`,
    amlWorkspaceLocation: location,
    unit: 'Count',
    name: { value: family, localizedValue: `${family} Cluster Dedicated vCPUs` },
    ...row(family, location),
  }));
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
      rows(request, 'usages', (family, location) => ({
        currentValue: coresInUse(cloud, request.subscriptionId, family, location),
        limit: coreLimit(cloud, family, location),
      })),
  },
  {
    method: 'GET',
    path: `${base}/quotas`,
    handle: (cloud, request) =>
      rows(request, 'quotas', (family, location) => ({ limit: coreLimit(cloud, family, location) })),
  },
  { method: 'GET', path: `${base}/vmSizes`, handle: vmSizes },
];
