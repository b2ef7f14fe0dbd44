import type { VirtualNetwork } from '../../../azure/clients.ts';
import { plannedResource, subnetName } from '../../../domain/resources.ts';
import { defineResourceType, reference } from '../resourceType.ts';

/** The virtual network with its scoring subnet inline: a PUT replaces the list of subnets (DEL-10). */
export const virtualNetwork = defineResourceType<VirtualNetwork>({
  type: 'Microsoft.Network/virtualNetworks',
  get: ({ clients, group, names }) => clients.network.virtualNetworks.get(group, names[0]!),
  delete: ({ clients, group, names }) => clients.network.virtualNetworks.delete(group, names[0]!),
  put: {
    send: ({ clients, group, names }, body) => clients.network.virtualNetworks.createOrUpdate(group, names[0]!, body),
    body: ({ ref }) => ({
      location: ref.location,
      addressSpace: { addressPrefixes: ['192.168.0.0/16'] },
      subnets: [
        {
          name: subnetName,
          addressPrefix: '192.168.0.0/24',
          networkSecurityGroup: reference(plannedResource(ref, 'networkSecurityGroup').id),
          natGateway: reference(plannedResource(ref, 'natGateway').id),
          privateEndpointNetworkPolicies: 'Disabled', // PF-26
          defaultOutboundAccess: false,
        },
      ],
    }),
  },
});
