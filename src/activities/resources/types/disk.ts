import type { Disk } from '../../../azure/clients.ts';
import { defineResourceType } from '../resourceType.ts';

/** Azure deletes the operating system's disk with its virtual machine; one that remains is deleted like any other resource. */
export const disk = defineResourceType<Disk>({
  type: 'Microsoft.Compute/disks',
  get: ({ clients, group, names }) => clients.compute.disks.get(group, names[0]!),
  delete: ({ clients, group, names }) => clients.compute.disks.delete(group, names[0]!),
});
