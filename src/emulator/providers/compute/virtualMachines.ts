import { asList, asObject } from '../../http/call.ts';
import { randomUUID } from 'node:crypto';
import { ArmError } from '../../arm/model.ts';
import type { Draft, JsonObject, PutRequest, Resource, ResourceType, Cloud } from '../../arm/model.ts';
import { vmImageVersion } from './vmImages.ts';
import { checkImage, checkInterfaces, checkLogin, checkSize, reserveInterfaces } from './virtualMachineRules.ts';
import {
  completeIdentity,
  nonEmptyText,
  groupOf,
  subscriptionOf,
  trackedMembers,
  printable,
} from '../resourceHelpers.ts';

const diskType = 'Microsoft.Compute/disks';

function prepare(cloud: Cloud, request: PutRequest): Draft {
  const { name, existing } = request;
  if (!/^[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9_])?$/.test(name) || /^\d+$/.test(name)) {
    throw new ArmError(400, 'InvalidParameter', `Virtual machine name '${name}' is not valid.`);
  }
  const tracked = trackedMembers(request);
  const location = tracked.location;
  const asked: JsonObject = { ...existing?.properties, ...asObject(request.body['properties']) };
  checkSize(cloud, request.id, asked, location);
  checkInterfaces(cloud, request, asked, location);
  if (!existing) {
    checkImage(asked);
    checkLogin(asked);
  }
  const identity = completeIdentity(cloud, request);
  // Write-only, as in Azure.
  const { adminPassword: _, customData: __, ...osProfile } = asObject(asked['osProfile']);
  return {
    ...tracked,
    ...(identity && { identity }),
    properties: {
      ...asked,
      vmId: existing?.properties['vmId'] ?? randomUUID(),
      timeCreated: new Date(existing?.createdAt ?? cloud.now()).toISOString(),
      osProfile: completedProfile(name, osProfile),
      storageProfile: storageProfile(request, asObject(asked['storageProfile'])),
    },
  };
}

/** What Azure fills in of a Linux machine's profile. */
function completedProfile(name: string, asked: JsonObject): JsonObject {
  const patchSettings = { patchMode: 'ImageDefault', assessmentMode: 'ImageDefault' };
  return {
    computerName: name,
    secrets: [],
    allowExtensionOperations: true,
    requireGuestProvisionSignal: true,
    ...asked,
    linuxConfiguration: {
      disablePasswordAuthentication: false,
      provisionVMAgent: true,
      patchSettings,
      ...asObject(asked['linuxConfiguration']),
    },
  };
}

/** The OS disk has its name and id from the start, although the client seldom gives them, and keeps them. */
function storageProfile(request: PutRequest, asked: JsonObject): JsonObject {
  const before = request.existing ? osDiskOf(request.existing) : {};
  const disk = { ...before, ...asObject(asked['osDisk']) };
  const name = nonEmptyText(disk['name']) ?? `${request.name}_OsDisk_1_${randomUUID().replaceAll('-', '')}`;
  const id = `/subscriptions/${subscriptionOf(request.id)}/resourceGroups/${groupOf(request.id)}/providers/${diskType}/${name}`;
  return {
    dataDisks: [],
    ...asked,
    imageReference: withExactVersion({ version: 'latest', ...asObject(asked['imageReference']) }),
    osDisk: {
      osType: 'Linux',
      createOption: 'FromImage',
      caching: 'ReadWrite',
      deleteOption: 'Detach',
      diskSizeGB: 30,
      ...disk,
      name,
      managedDisk: { storageAccountType: 'Premium_LRS', ...asObject(disk['managedDisk']), id },
    },
  };
}

function withExactVersion(image: JsonObject): JsonObject {
  const [publisher, offer, sku] = ['publisher', 'offer', 'sku'].map((part) => nonEmptyText(image[part]) ?? '');
  return { ...image, exactVersion: vmImageVersion(publisher ?? '', offer ?? '', sku ?? '') ?? null };
}

const osDiskOf = (vm: Resource): JsonObject => asObject(asObject(vm.properties['storageProfile'])['osDisk']);
const interfacesOf = (vm: Resource): JsonObject[] =>
  asList(asObject(vm.properties['networkProfile'])['networkInterfaces']).map(asObject);

/** Interfaces are attached and the disk is created as soon as Azure has accepted the machine. */
function attach(cloud: Cloud, vm: Resource): void {
  for (const { id } of interfacesOf(vm)) {
    const found = cloud.find(printable(id));
    if (found === undefined) continue;
    found.properties = { ...found.properties, virtualMachine: { id: vm.id }, primary: true };
    cloud.save(found);
  }
  const disk = osDiskOf(vm);
  const managed = asObject(disk['managedDisk']);
  const id = printable(managed['id']);
  if (cloud.find(id)) return;
  cloud.save({
    id,
    type: diskType,
    name: printable(disk['name']),
    ...(vm.location && { location: vm.location }),
    tags: { ...vm.tags },
    sku: { name: managed['storageAccountType'] ?? 'Premium_LRS', tier: 'Premium' },
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
  });
}

/** Resources with deleteOption Delete are deleted with the machine; the others are detached (DEL-11). */
function detach(cloud: Cloud, vm: Resource): void {
  for (const reference of interfacesOf(vm)) {
    const found = cloud.find(printable(reference['id']));
    if (found === undefined) continue;
    const deleteOption = asObject(reference['properties'])['deleteOption'];
    const { virtualMachine: _, ...left } = found.properties;
    found.properties = left;
    if (deleteOption === 'Delete') cloud.remove(found.id);
    else cloud.save(found);
  }
  const disk = cloud.find(printable(asObject(osDiskOf(vm)['managedDisk'])['id']));
  if (disk && osDiskOf(vm)['deleteOption'] === 'Delete') cloud.remove(disk.id);
  else if (disk) {
    const { managedBy: _, ...left } = disk.properties;
    disk.properties = { ...left, diskState: 'Unattached' };
    cloud.save(disk);
  }
  // What scripts have left on the machine's file system.
  cloud.objects.delete(`disk:${vm.id.toLowerCase()}`);
}

function instanceView(cloud: Cloud, vm: Resource): JsonObject {
  const state = cloud.provisioningState(vm);
  const time = new Date(vm.operation?.endsAt ?? cloud.now()).toISOString();
  const ready = state === 'Succeeded' || state === 'Updating';
  const status = (code: string, displayStatus: string): JsonObject => ({ code, level: 'Info', displayStatus, time });
  return {
    computerName: asObject(vm.properties['osProfile'])['computerName'] ?? vm.name,
    osName: 'ubuntu',
    hyperVGeneration: 'V2',
    vmAgent: {
      vmAgentVersion: ready ? '2.13.1.1' : 'Unknown',
      statuses: [
        ready ? status('ProvisioningState/succeeded', 'Ready') : status('ProvisioningState/Unavailable', 'Not Ready'),
      ],
    },
    statuses: [
      status(`ProvisioningState/${state.toLowerCase()}`, `Provisioning ${state.toLowerCase()}`),
      ...(ready ? [status('PowerState/running', 'VM running')] : []),
    ],
  };
}

/** Virtual machines, which always run: start, stop and their like are not emulated. */
export const virtualMachine: ResourceType = {
  type: 'Microsoft.Compute/virtualMachines',
  style: 'compute',
  zonal: true,
  duration: { put: 'virtualMachine.put', delete: 'virtualMachine.delete' },
  prepare,
  onRefused: reserveInterfaces,
  onAccepted: attach,
  toArm: (cloud, vm, query) => {
    const expand = query['$expand']?.toLowerCase().split(',') ?? [];
    return expand.includes('instanceview')
      ? { properties: { ...vm.properties, instanceView: instanceView(cloud, vm) } }
      : {};
  },
  actions: { instanceview: (cloud, vm) => ({ status: 200, body: instanceView(cloud, vm) }) },
  onDeleted: detach,
};

/** Managed disks come and go with machines; one that is attached cannot be deleted. */
export const disk: ResourceType = {
  type: diskType,
  style: 'compute',
  duration: { delete: 'disk.delete' },
  prepare(_cloud, { existing, name, body }) {
    if (existing === undefined) {
      throw new ArmError(501, 'NotEmulated', `Disk '${name}': disks are created with virtual machines only.`);
    }
    return { ...existing, tags: { ...existing.tags, ...(asObject(body['tags']) as Record<string, string>) } };
  },
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
