import type { NetworkInterface } from '../../../azure/clients.ts';
import { defineResourceType, scoringSubnet } from '../resourceType.ts';

export const networkInterface = defineResourceType<NetworkInterface>({
  type: 'Microsoft.Network/networkInterfaces',
  get: ({ clients, group, names }) => clients.network.networkInterfaces.get(group, names[0]!),
  delete: ({ clients, group, names }) => clients.network.networkInterfaces.delete(group, names[0]!),
  put: {
    send: ({ clients, group, names }, body) => clients.network.networkInterfaces.createOrUpdate(group, names[0]!, body),
    body: ({ ref }) => ({
      location: ref.location,
      ipConfigurations: [{ name: 'ipconfig1', privateIPAllocationMethod: 'Dynamic', subnet: scoringSubnet(ref) }],
    }),
  },
});
