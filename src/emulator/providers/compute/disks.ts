import { randomUUID } from 'node:crypto';
import { asObject } from '../../http/call.ts';
import { notEmulated } from '../../arm/armErrors.ts';
import { ArmError } from '../../arm/model.ts';
import type { Cloud, Draft, JsonObject, PutRequest, Resource, ResourceType } from '../../arm/model.ts';
import { nonEmptyText, patchAsPut, printable, trackedMembers } from '../resourceHelpers.ts';

export const diskType = 'Microsoft.Compute/disks';

function requireSize(request: PutRequest, asked: JsonObject): void {
  const size = asked['diskSizeGB'];
  const before = Number(request.existing?.properties['diskSizeGB'] ?? 1);
  if (typeof size !== 'number' || size < 1)
    throw new ArmError(400, 'InvalidParameter', "Required parameter 'diskSizeGB' is missing (null).");
  if (size < before)
    throw new ArmError(
      409,
      'OperationNotAllowed',
      `Disk size reduction is not supported. Current size is ${before} GB, requested size is ${size} GB.`,
    );
}

/** An empty disk, or a change of a disk that exists; those with an operating system come with machines only. */
function prepare(cloud: Cloud, request: PutRequest): Draft {
  const { existing, body } = request;
  const asked: JsonObject = { ...existing?.properties, ...asObject(body['properties']) };
  const option = asObject(asked['creationData'])['createOption'];
  if (!existing && option !== 'Empty') throw notEmulated('PUT', `of a disk with createOption ${printable(option)}`);
  requireSize(request, asked);
  const tracked = trackedMembers(request);
  const sku = nonEmptyText(tracked.sku?.['name']) ?? 'Standard_LRS';
  return {
    ...tracked,
    sku: { name: sku, tier: sku.split('_')[0] ?? '' },
    properties: {
      networkAccessPolicy: 'AllowAll',
      publicNetworkAccess: 'Enabled',
      diskState: 'Unattached',
      timeCreated: new Date(cloud.now()).toISOString(),
      uniqueId: randomUUID(),
      ...asked,
      diskSizeBytes: Number(asked['diskSizeGB']) * 1024 ** 3,
    },
  };
}

/** The disk that a machine is created with. */
export function osDiskResource(cloud: Cloud, vm: Resource, disk: JsonObject, id: string): Resource {
  const managed = asObject(disk['managedDisk']);
  const sku = nonEmptyText(managed['storageAccountType']) ?? 'Premium_LRS';
  return {
    id,
    type: diskType,
    name: nonEmptyText(disk['name']) ?? '',
    ...(vm.location && { location: vm.location }),
    tags: { ...vm.tags },
    sku: { name: sku, tier: sku.split('_')[0] ?? 'Premium' },
    properties: {
      osType: 'Linux',
      creationData: { createOption: 'FromImage' },
      diskSizeGB: disk['diskSizeGB'] ?? 30,
      timeCreated: new Date(cloud.now()).toISOString(),
      diskState: 'Attached',
      managedBy: vm.id,
    },
    ...(vm.zones ? { zones: vm.zones } : {}),
    createdAt: cloud.now(),
  };
}

/** Managed disks; one that is attached cannot be deleted. */
export const disk: ResourceType = {
  type: diskType,
  style: 'compute',
  zonal: true,
  duration: { put: 'disk.delete', patch: 'disk.delete', delete: 'disk.delete' },
  prepare,
  patch: (cloud, resource, body) => prepare(cloud, patchAsPut(resource, body)),
  toArm: (_cloud, resource) => {
    const { managedBy, ...properties } = resource.properties;
    return { properties, ...(managedBy === undefined ? {} : { managedBy }) };
  },
  validateDelete(_cloud, resource) {
    const holder = nonEmptyText(resource.properties['managedBy']);
    if (holder === undefined) return;
    throw new ArmError(409, 'OperationNotAllowed', `Disk ${resource.name} is attached to VM ${holder}.`);
  },
};
