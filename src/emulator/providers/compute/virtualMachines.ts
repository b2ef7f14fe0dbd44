import { asList, asObject } from '../../http/call.ts';
import { randomUUID } from 'node:crypto';
import { ArmError } from '../../arm/model.ts';
import type { Draft, JsonObject, PutRequest, Resource, ResourceType, Cloud } from '../../arm/model.ts';
import { toArm } from '../../arm/toArm.ts';
import { sizes } from './computeQuota.ts';
import { diskType, osDiskResource } from './disks.ts';
import { instanceView } from './instanceView.ts';
import { powerActions, removePowerState } from './powerState.ts';
import { runShellScript } from './runShellScript.ts';
import { vmImageVersion } from './vmImages.ts';
import { checkImage, checkInterfaces, checkLogin, checkSize, reserveInterfaces } from './virtualMachineRules.ts';
import {
  completeIdentity,
  nonEmptyText,
  groupOf,
  patchAsPut,
  subscriptionOf,
  trackedMembers,
  printable,
} from '../resourceHelpers.ts';

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
  cloud.save(osDiskResource(cloud, vm, disk, id));
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
  removePowerState(cloud, vm);
}

const expanded = (cloud: Cloud, vm: Resource): JsonObject => ({
  properties: { ...vm.properties, instanceView: instanceView(cloud, vm) },
});

/** `statusOnly=true` lists machines with their power state (azure-rest-api-specs: VirtualMachines_ListAll). */
function list(cloud: Cloud, scope: string, query: Record<string, string>): JsonObject[] {
  const expand = query['statusOnly']?.toLowerCase() === 'true' ? { $expand: 'instanceView' } : {};
  return cloud
    .descendants(scope, virtualMachine.type)
    .map((vm) => toArm(cloud, virtualMachine, vm, { ...query, ...expand }));
}

/** A PATCH changes the members that it names, at any depth. */
function patch(cloud: Cloud, vm: Resource, body: JsonObject): Draft {
  const properties = mergePatch(vm.properties, asObject(body['properties']));
  return prepare(cloud, patchAsPut(vm, { ...body, properties }));
}

function mergePatch(before: JsonObject, change: JsonObject): JsonObject {
  const merged = Object.entries(change).map(([name, value]) => {
    const inner = before[name];
    const nested = [value, inner].every((one) => typeof one === 'object' && one !== null && !Array.isArray(one));
    return [name, nested ? mergePatch(asObject(inner), asObject(value)) : value] as const;
  });
  return { ...before, ...Object.fromEntries(merged) };
}

/** Virtual machines. One that is stopped or deallocated runs no scripts. */
export const virtualMachine: ResourceType = {
  type: 'Microsoft.Compute/virtualMachines',
  style: 'compute',
  zonal: true,
  duration: { put: 'virtualMachine.put', patch: 'virtualMachine.restart', delete: 'virtualMachine.delete' },
  prepare,
  onRefused: reserveInterfaces,
  onAccepted: attach,
  toArm: (cloud, vm, query) =>
    query['$expand']?.toLowerCase().split(',').includes('instanceview') ? expanded(cloud, vm) : {},
  list,
  patch,
  actions: {
    ...powerActions,
    instanceview: (cloud, vm) => ({ status: 200, body: instanceView(cloud, vm) }),
    runcommand: runShellScript,
    vmsizes: sizes,
  },
  onDeleted: detach,
};
