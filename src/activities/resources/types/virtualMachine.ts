import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { Disk, NetworkInterface, OSProfile, VirtualMachine } from '../../../azure/models.ts';
import { names as namesOf } from '../../../domain/naming.ts';
import { plannedResource } from '../../../domain/resources.ts';
import { defineResourceType, reference } from '../resourceType.ts';
import { scoringSubnet } from './privateEndpoint.ts';

/** The jumpbox's size and what it costs of the compute quota. Two cores and 8 GiB build the samples' images. */
export const jumpboxSize = { name: 'Standard_D2s_v5', family: 'standardDSv5Family', cores: 2 };

const adminUsername = 'moat';

export const networkInterface = defineResourceType<NetworkInterface>({
  type: 'Microsoft.Network/networkInterfaces',
  get: ({ clients, group, names }) => clients.network.networkInterfaces.get(group, names[0]!),
  delete: ({ clients, group, names }) => clients.network.networkInterfaces.delete(group, names[0]!),
  put: {
    send: ({ clients, group, names }, body) => clients.network.networkInterfaces.createOrUpdate(group, names[0]!, body),
    body: ({ site }) => ({
      location: site.location,
      ipConfigurations: [{ name: 'ipconfig1', privateIPAllocationMethod: 'Dynamic', subnet: scoringSubnet(site) }],
    }),
  },
});

/** A field of an SSH key: its length, then its bytes (RFC 4251). */
function field(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Nobody signs in to the jumpbox: Azure asks for a key, so it gets one whose private half is dropped here. */
async function unusablePublicKey(): Promise<string> {
  const { publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 3072 });
  const { n, e } = publicKey.export({ format: 'jwk' });
  // A leading zero keeps the modulus positive (RFC 4251, mpint).
  const modulus = Buffer.concat([Buffer.of(0), Buffer.from(n!, 'base64url')]);
  const blob = Buffer.concat([field(Buffer.from('ssh-rsa')), field(Buffer.from(e!, 'base64url')), field(modulus)]);
  return `ssh-rsa ${blob.toString('base64')} moat`;
}

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
    body: async ({ site, options, names, actual }) => ({
      location: site.location,
      identity: {
        type: 'UserAssigned',
        userAssignedIdentities: { [plannedResource(site, 'identity').id]: {} },
      },
      hardwareProfile: { vmSize: jumpboxSize.name },
      storageProfile: {
        imageReference: { publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server', version: 'latest' },
        osDisk: {
          name: namesOf(site).disk,
          createOption: 'FromImage',
          deleteOption: 'Delete', // DEL-11
          diskSizeGB: 64,
          managedDisk: { storageAccountType: 'Premium_LRS' },
        },
      },
      // Azure refuses to change the login of a machine that exists.
      ...(actual ? {} : { osProfile: login(names[0]!, options.sshPublicKey ?? (await unusablePublicKey())) }),
      networkProfile: {
        networkInterfaces: [
          { ...reference(plannedResource(site, 'networkInterface').id), primary: true, deleteOption: 'Delete' },
        ],
      },
      securityProfile: {
        securityType: 'TrustedLaunch',
        uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
      },
    }),
  },
  recreateWhenFailed: true,
  recreateFirst: ['networkInterface'], // DEL-11
});

/** The operating system's disk goes with its machine; one that was left behind is removed like any other resource. */
export const disk = defineResourceType<Disk>({
  type: 'Microsoft.Compute/disks',
  get: ({ clients, group, names }) => clients.compute.disks.get(group, names[0]!),
  delete: ({ clients, group, names }) => clients.compute.disks.delete(group, names[0]!),
});
