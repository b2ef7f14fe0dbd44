import type { VirtualMachineRunCommand } from '../../../azure/clients.ts';
import { defineResourceType } from '../resourceType.ts';

/** A managed run command on the jumpbox: one resource per attempt, never updated. */
export const runCommand = defineResourceType<VirtualMachineRunCommand>({
  type: 'Microsoft.Compute/virtualMachines/runCommands',
  get: ({ clients, group, names }) =>
    clients.compute.virtualMachineRunCommands.getByVirtualMachine(group, names[0]!, names[1]!, {
      expand: 'instanceView',
    }),
  delete: ({ clients, group, names }) => clients.compute.virtualMachineRunCommands.delete(group, names[0]!, names[1]!),
});
