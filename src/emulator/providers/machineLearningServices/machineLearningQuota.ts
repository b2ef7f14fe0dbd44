import { regionOf } from '../../arm/regions.ts';
import type { ActionReply, JsonObject, Resource, SubscriptionRoute, Cloud } from '../../arm/model.ts';
import { nonEmptyText, quotaLimit, sameSubscription } from '../resourceHelpers.ts';
import { sameId } from '../../arm/ids.ts';
import { deploymentType, workspaceType } from './typeNames.ts';
import { coresNeeded, instanceTypeOf, instanceTypes } from './machineLearningSizes.ts';
import type { InstanceType } from './machineLearningSizes.ts';

/** Limits of a subscription that is in use, and of a new pay-as-you-go one (object `quota:ml:subscription` = `new`). */
const defaultCores = { used: { family: 100, total: 350 }, new: { family: 6, total: 20 } };

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

const provider = 'Microsoft.MachineLearningServices';

/** The place of a request: its region and the id of its rows. */
function placeOf({ subscriptionId, params }: Place, kind: 'usages' | 'quotas'): { location: string; base: string } {
  const location = regionOf(params['location'] ?? '', `${provider}/${kind}`);
  return { location, base: `/subscriptions/${subscriptionId}/providers/${provider}/locations/${location}` };
}

const row = (kind: string, of: string, id: string, location: string, value: string, text: string): JsonObject => ({
  id,
  type: `${provider}/${of}${kind}`,
  amlWorkspaceLocation: location,
  unit: 'Count',
  name: { value, localizedValue: text },
});

/**
 * Rows as the published example has them (azure-rest-api-specs 2022-10-01 Usage/list): of all dedicated cores, then by family for
 * dedicated and low-priority cores, and the families' dedicated ones by workspace. A limit of -1 is none.
 */
function usages(cloud: Cloud, place: Place): ActionReply {
  const { location, base } = placeOf(place, 'usages');
  const { subscriptionId } = place;
  const total = {
    ...row(
      'usages',
      '',
      `${base}/usages/TotalDedicatedCores`,
      location,
      'TotalDedicatedCores',
      'Total Cluster Dedicated Regional vCPUs',
    ),
    currentValue: totalCoresInUse(cloud, subscriptionId, location),
    limit: totalCoreLimit(cloud, location),
  };
  const dedicated = [...families.keys()].map((family) => ({
    ...row(
      'usages',
      'dedicatedCores/',
      `${base}/dedicatedCores/usages/${family}`,
      location,
      family,
      `${family} Cluster Dedicated vCPUs`,
    ),
    currentValue: coresInUse(cloud, subscriptionId, family, location),
    limit: coreLimit(cloud, family, location),
  }));
  const lowPriority = [...families.keys()].map((family) => ({
    ...row(
      'usages',
      'lowPriorityCores/',
      `${base}/lowPriorityCores/usages/${family}`,
      location,
      family,
      `${family} Cluster LowPriority vCPUs`,
    ),
    currentValue: 0,
    limit: -1,
  }));
  const workspaces = cloud
    .ofType(workspaceType)
    .filter((one) => one.location === location && sameSubscription(one.id, subscriptionId));
  const byWorkspace = workspaces.flatMap((workspace) => workspaceRows(cloud, workspace, location));
  return { status: 200, body: { value: [total, ...dedicated, ...lowPriority, ...byWorkspace] } };
}

/** A workspace's share of the families that it uses; it has no limit of its own. */
function workspaceRows(cloud: Cloud, workspace: Resource, location: string): JsonObject[] {
  const deployments = cloud.descendants(workspace.id, deploymentType);
  return [...families.keys()].flatMap((family) => {
    const currentValue = coresOf(deployments, (type) => type.family === family);
    if (currentValue === 0 && family !== 'standardDSv2Family') return [];
    const id = `${workspace.id}/dedicatedCores/usages/${family}`;
    const text = `${family} Cluster Dedicated vCPUs`;
    return [{ ...row('usages', 'workspaces/dedicatedCores/', id, location, family, text), currentValue, limit: -1 }];
  });
}

function quotas(cloud: Cloud, place: Place): ActionReply {
  const { location, base } = placeOf(place, 'quotas');
  const value = [...families.keys()].map((family) => ({
    ...row(
      'quotas',
      'dedicatedCores/',
      `${base}/quotas/${family}`,
      location,
      family,
      `${family} Cluster Dedicated vCPUs`,
    ),
    limit: coreLimit(cloud, family, location),
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

const base = `/providers/${provider}/locations/{location}`;

/** Usages, quotas and VM sizes of a region. */
export const quotaRoutes: SubscriptionRoute[] = [
  { method: 'GET', path: `${base}/usages`, handle: usages },
  { method: 'GET', path: `${base}/quotas`, handle: quotas },
  { method: 'GET', path: `${base}/vmSizes`, handle: vmSizes },
];
