import { asList, asObject } from '../../http/call.ts';
import { randomUUID } from 'node:crypto';
import { ArmFault } from '../../arm/model.ts';
import type { Draft, JsonObject, PutRequest, Resource, ResourceType, World } from '../../arm/model.ts';
import { vmImageVersion } from './vmImages.ts';
import { checkImage, checkInterfaces, checkLogin, checkSize } from './virtualMachineRules.ts';
import { completeIdentity, filledText, groupOf, subscriptionOf, trackedMembers, wordOf } from '../resourceHelpers.ts';

const diskType = 'Microsoft.Compute/disks';

function prepare(world: World, request: PutRequest): Draft {
  const { name, existing } = request;
  if (!/^[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9_])?$/.test(name) || /^\d+$/.test(name)) {
    throw new ArmFault(400, 'InvalidParameter', `Virtual machine name '${name}' is not valid.`);
  }
  const tracked = trackedMembers(request);
  const location = tracked.location;
  const asked: JsonObject = { ...existing?.properties, ...asObject(request.body['properties']) };
  checkSize(world, request.id, asked, location);
  checkInterfaces(world, request, asked, location);
  if (!existing) {
    checkImage(asked);
    checkLogin(asked);
  }
  const identity = completeIdentity(world, request);
  // Write-only, as in Azure.
  const { adminPassword: _, customData: __, ...osProfile } = asObject(asked['osProfile']);
  return {
    ...tracked,
    ...(identity && { identity }),
    properties: {
      ...asked,
      vmId: existing?.properties['vmId'] ?? randomUUID(),
      timeCreated: new Date(existing?.createdAt ?? world.now()).toISOString(),
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
  const name = filledText(disk['name']) ?? `${request.name}_OsDisk_1_${randomUUID().replaceAll('-', '')}`;
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
  const [publisher, offer, sku] = ['publisher', 'offer', 'sku'].map((part) => filledText(image[part]) ?? '');
  return { ...image, exactVersion: vmImageVersion(publisher ?? '', offer ?? '', sku ?? '') ?? null };
}

const osDiskOf = (vm: Resource): JsonObject => asObject(asObject(vm.properties['storageProfile'])['osDisk']);
const interfacesOf = (vm: Resource): JsonObject[] =>
  asList(asObject(vm.properties['networkProfile'])['networkInterfaces']).map(asObject);

/** The machine takes its interfaces and gets its disk as soon as Azure has accepted it. */
function attach(world: World, vm: Resource): void {
  for (const { id } of interfacesOf(vm)) {
    const found = world.find(wordOf(id));
    if (found === undefined) continue;
    found.properties = { ...found.properties, virtualMachine: { id: vm.id }, primary: true };
    world.save(found);
  }
  const disk = osDiskOf(vm);
  const managed = asObject(disk['managedDisk']);
  const id = wordOf(managed['id']);
  if (world.find(id)) return;
  world.save({
    id,
    type: diskType,
    name: wordOf(disk['name']),
    ...(vm.location && { location: vm.location }),
    tags: { ...vm.tags },
    sku: { name: managed['storageAccountType'] ?? 'Premium_LRS', tier: 'Premium' },
    properties: {
      osType: 'Linux',
      creationData: { createOption: 'FromImage' },
      diskSizeGB: disk['diskSizeGB'] ?? 30,
      timeCreated: new Date(world.now()).toISOString(),
      diskState: 'Attached',
      managedBy: vm.id,
    },
    ...(vm.zones ? { zones: vm.zones } : {}),
    createdAt: world.now(),
  });
}

/** What has deleteOption Delete goes with the machine; the rest stays behind, detached (DEL-11). */
function detach(world: World, vm: Resource): void {
  for (const reference of interfacesOf(vm)) {
    const found = world.find(wordOf(reference['id']));
    if (found === undefined) continue;
    const deleteOption = asObject(reference['properties'])['deleteOption'];
    const { virtualMachine: _, ...left } = found.properties;
    found.properties = left;
    if (deleteOption === 'Delete') world.remove(found.id);
    else world.save(found);
  }
  const disk = world.find(wordOf(asObject(osDiskOf(vm)['managedDisk'])['id']));
  if (disk && osDiskOf(vm)['deleteOption'] === 'Delete') world.remove(disk.id);
  else if (disk) {
    const { managedBy: _, ...left } = disk.properties;
    disk.properties = { ...left, diskState: 'Unattached' };
    world.save(disk);
  }
  // What scripts have left on the machine's file system.
  world.objects.delete(`disk:${vm.id.toLowerCase()}`);
}

function instanceView(world: World, vm: Resource): JsonObject {
  const state = world.provisioningState(vm);
  const time = new Date(vm.operation?.endsAt ?? world.now()).toISOString();
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
  begun: attach,
  present: (world, vm, query) => {
    const expand = query['$expand']?.toLowerCase().split(',') ?? [];
    return expand.includes('instanceview')
      ? { properties: { ...vm.properties, instanceView: instanceView(world, vm) } }
      : {};
  },
  actions: { instanceview: (world, vm) => ({ status: 200, body: instanceView(world, vm) }) },
  deleted: detach,
};

/** Managed disks come and go with machines; one that is attached cannot be deleted. */
export const disk: ResourceType = {
  type: diskType,
  style: 'compute',
  duration: { delete: 'disk.delete' },
  prepare(_world, { existing, name, body }) {
    if (existing === undefined) {
      throw new ArmFault(501, 'EmulatorDoesNotKnow', `Disk '${name}': disks are made with virtual machines only.`);
    }
    return { ...existing, tags: { ...existing.tags, ...(asObject(body['tags']) as Record<string, string>) } };
  },
  present: (_world, resource) => {
    const { managedBy, ...properties } = resource.properties;
    return { properties, ...(managedBy === undefined ? {} : { managedBy }) };
  },
  mayDelete(_world, resource) {
    const holder = filledText(resource.properties['managedBy']);
    if (holder === undefined) return;
    throw new ArmFault(409, 'OperationNotAllowed', `Disk ${resource.name} is attached to VM ${holder}.`);
  },
};
