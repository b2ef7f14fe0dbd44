import { asObject } from '../../http/call.ts';
import { regionOf, regions } from '../../arm/regions.ts';
import { ArmError } from '../../arm/model.ts';
import type { ActionReply, JsonObject, Resource, SubscriptionRoute, Cloud } from '../../arm/model.ts';
import { vmSizeOf, vmSizes } from './vmSizes.ts';
import type { VmSize } from './vmSizes.ts';
import { nonEmptyText, quotaLimit, sameSubscription, subscriptionOf } from '../resourceHelpers.ts';

const vmType = 'Microsoft.Compute/virtualMachines';
const defaultCores = 100;

function sizeOfVm(vm: Pick<Resource, 'properties'>): VmSize | undefined {
  return vmSizeOf(nonEmptyText(asObject(vm.properties['hardwareProfile'])['vmSize']) ?? '');
}

/** Cores that the machines of a subscription hold in a region, of one family or of all (`cores`). */
function coresInUse(cloud: Cloud, subscriptionId: string, family: string, location: string, exceptId = ''): number {
  return cloud
    .ofType(vmType)
    .filter((vm) => vm.id !== exceptId && vm.location === location && sameSubscription(vm.id, subscriptionId))
    .map(sizeOfVm)
    .filter((size) => size !== undefined && (family === 'cores' || size.family === family))
    .reduce((sum, size) => sum + (size?.cores ?? 0), 0);
}

/** A limit; a test sets cloud object `quota:compute:{family}:{location}` (or `…:cores:…` for the region's total). */
function coreLimit(cloud: Cloud, family: string, location: string): number {
  return quotaLimit(cloud, `compute:${family}:${location}`, defaultCores);
}

/** @throws ArmError 409 OperationNotAllowed when the size does not fit in the quota (Azure docs: resolve quota errors) */
export function checkCoreQuota(cloud: Cloud, id: string, size: VmSize, location: string): void {
  for (const family of ['cores', size.family]) {
    const limit = coreLimit(cloud, family, location);
    const used = coresInUse(cloud, subscriptionOf(id), family, location, id);
    if (used + size.cores <= limit) continue;
    const what = family === 'cores' ? 'Core' : `${family} Cores`;
    const message = `Operation results in exceeding quota limits of ${what}. Maximum allowed: ${limit}, Current in use: ${used}, Additional requested: ${size.cores}.`;
    throw new ArmError(409, 'OperationNotAllowed', message);
  }
}

/** Why a size is not available to the subscription in a region, by cloud object `sku:compute:{size}:{location}`. */
export function restrictionOf(cloud: Cloud, size: string, location: string): string | undefined {
  return nonEmptyText(cloud.objects.get(`sku:compute:${size}:${location}`));
}

const row = (value: string, localizedValue: string, currentValue: number, limit: number): JsonObject => ({
  unit: 'Count',
  name: { value, localizedValue },
  currentValue,
  limit,
});

function usages(cloud: Cloud, subscriptionId: string, location: string): ActionReply {
  const families = [...new Set(vmSizes.map(({ family }) => family))];
  const machines = cloud
    .ofType(vmType)
    .filter((vm) => vm.location === location && sameSubscription(vm.id, subscriptionId)).length;
  const value = [
    row(
      'cores',
      'Total Regional vCPUs',
      coresInUse(cloud, subscriptionId, 'cores', location),
      coreLimit(cloud, 'cores', location),
    ),
    row('virtualMachines', 'Virtual Machines', machines, 25_000),
    ...families.map((family) =>
      row(
        family,
        `${family} vCPUs`,
        coresInUse(cloud, subscriptionId, family, location),
        coreLimit(cloud, family, location),
      ),
    ),
  ];
  return { status: 200, body: { value } };
}

/** SKUs of the region that the filter names, or of all: a row has one region. */
function skus(cloud: Cloud, filter: string | undefined): ActionReply {
  const asked = /^\s*location eq '([^']+)'\s*$/i.exec(filter ?? '')?.[1];
  if (filter && asked === undefined) {
    throw new ArmError(501, 'NotEmulated', "The emulator filters SKUs by location only: location eq '…'.");
  }
  const places = asked === undefined ? [...regions.keys()] : [regionOf(asked, 'Microsoft.Compute/skus')];
  return { status: 200, body: { value: places.flatMap((location) => skusIn(cloud, location)) } };
}

function skusIn(cloud: Cloud, location: string): JsonObject[] {
  return vmSizes.map((size) => {
    const reasonCode = restrictionOf(cloud, size.name, location);
    return {
      resourceType: 'virtualMachines',
      name: size.name,
      tier: 'Standard',
      size: size.name.replace('Standard_', ''),
      family: size.family,
      locations: [location],
      locationInfo: [{ location, zones: ['1', '2', '3'] }],
      capabilities: [
        { name: 'vCPUs', value: String(size.cores) },
        { name: 'MemoryGB', value: String(size.memoryGB) },
        { name: 'HyperVGenerations', value: size.generation },
        { name: 'PremiumIO', value: 'True' },
      ],
      restrictions: reasonCode
        ? [{ type: 'Location', values: [location], restrictionInfo: { locations: [location] }, reasonCode }]
        : [],
    };
  });
}

/** The sizes of a region, which are also those that a machine can be resized to. */
export function sizes(): ActionReply {
  const value = vmSizes.map(({ name, cores, memoryGB }) => ({
    name,
    numberOfCores: cores,
    memoryInMB: memoryGB * 1024,
    osDiskSizeInMB: 1_047_552,
    resourceDiskSizeInMB: 0,
    maxDataDiskCount: cores * 2,
  }));
  return { status: 200, body: { value } };
}

const base = '/providers/Microsoft.Compute/locations/{location}';

/** Usages, SKUs and sizes of a region. */
export const quotaRoutes: SubscriptionRoute[] = [
  {
    method: 'GET',
    path: `${base}/usages`,
    handle: (cloud, request) =>
      usages(cloud, request.subscriptionId, regionOf(request.params['location'] ?? '', 'Microsoft.Compute/usages')),
  },
  { method: 'GET', path: `${base}/vmSizes`, handle: sizes },
  {
    method: 'GET',
    path: '/providers/Microsoft.Compute/skus',
    handle: (cloud, request) => skus(cloud, request.query['$filter']),
  },
];
