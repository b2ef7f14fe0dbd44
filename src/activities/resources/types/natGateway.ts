import type { NatGateway } from '../../../azure/clients.ts';
import { plannedResource } from '../../../domain/resources.ts';
import { defineResourceType, reference } from '../resourceType.ts';

/** The subnet's explicit outbound path: subnets of new virtual networks have none by default (Azure docs: default outbound access). */
export const natGateway = defineResourceType<NatGateway>({
  type: 'Microsoft.Network/natGateways',
  get: ({ clients, group, names }) => clients.network.natGateways.get(group, names[0]!),
  delete: ({ clients, group, names }) => clients.network.natGateways.delete(group, names[0]!),
  put: {
    send: ({ clients, group, names }, body) => clients.network.natGateways.createOrUpdate(group, names[0]!, body),
    body: ({ ref }) => ({
      location: ref.location,
      sku: { name: 'Standard' },
      idleTimeoutInMinutes: 4,
      publicIpAddresses: [reference(plannedResource(ref, 'natAddress').id)],
    }),
  },
});
