import type { OSProfile, VirtualMachine } from '../../../azure/clients.ts';
import { defaultJumpbox } from '../../../domain/jumpbox.ts';
import { plannedResource, resourcesOf } from '../../../domain/resources.ts';
import { defineResourceType, reference } from '../resourceType.ts';
import { unusablePublicKey } from '../sshPublicKey.ts';

const diskGbOf = (machine: object | undefined): number =>
  (machine as VirtualMachine | undefined)?.storageProfile?.osDisk?.diskSizeGB ?? 0;

const adminUsername = 'moat';

const login = (computerName: string, keyData: string): OSProfile => ({
  computerName,
  adminUsername,
  linuxConfiguration: {
    disablePasswordAuthentication: true,
    provisionVMAgent: true,
    patchSettings: { patchMode: 'ImageDefault' },
    ssh: { publicKeys: [{ path: `/home/${adminUsername}/.ssh/authorized_keys`, keyData }] },
  },
});

export const virtualMachine = defineResourceType<VirtualMachine>({
  type: 'Microsoft.Compute/virtualMachines',
  get: ({ clients, group, names }) => clients.compute.virtualMachines.get(group, names[0]!),
  delete: ({ clients, group, names }) => clients.compute.virtualMachines.delete(group, names[0]!),
  put: {
    send: ({ clients, group, names }, body) => clients.compute.virtualMachines.createOrUpdate(group, names[0]!, body),
    body: async ({ ref, options, names, actual }) => ({
      location: ref.location,
      identity: {
        type: 'UserAssigned',
        userAssignedIdentities: { [plannedResource(ref, 'identity').id]: {} },
      },
      // an existing machine keeps its size, whichever is tried
      hardwareProfile: {
        vmSize:
          (actual as VirtualMachine | undefined)?.hardwareProfile?.vmSize ?? options.vmSize ?? defaultJumpbox.sizes[0]!,
      },
      storageProfile: {
        imageReference: { publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server', version: 'latest' },
        osDisk: {
          name: resourcesOf(ref, 'disk')[0]!.name,
          createOption: 'FromImage',
          deleteOption: 'Delete', // DEL-11
          diskSizeGB: Math.max(options.diskGb ?? defaultJumpbox.diskGb, diskGbOf(actual)),
          managedDisk: { storageAccountType: 'Premium_LRS' },
        },
      },
      // Azure refuses to change the login of an existing machine.
      ...(actual ? {} : { osProfile: login(names[0]!, options.sshPublicKey ?? (await unusablePublicKey())) }),
      networkProfile: {
        networkInterfaces: [
          { ...reference(plannedResource(ref, 'networkInterface').id), primary: true, deleteOption: 'Delete' },
        ],
      },
      securityProfile: {
        securityType: 'TrustedLaunch',
        uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
      },
    }),
  },
  recreateWhenFailed: true,
  // Azure enlarges the disk of a stopped machine only
  mustRecreate: ({ actual, options }) => diskGbOf(actual) > 0 && diskGbOf(actual) < (options.diskGb ?? 0),
  recreateFirst: ['networkInterface'], // DEL-11
});
