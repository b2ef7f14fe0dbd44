import type { NatGateway, PublicIPAddress } from '../../../azure/models.ts';
import { plannedResource } from '../../../domain/resources.ts';
import { defineResourceType, reference } from '../resourceType.ts';

/** The address that the NAT gateway goes out by; nothing can come in by it. */
export const publicIPAddress = defineResourceType<PublicIPAddress>({
  type: 'Microsoft.Network/publicIPAddresses',
  get: ({ clients, group, names }) => clients.network.publicIPAddresses.get(group, names[0]!),
  delete: ({ clients, group, names }) => clients.network.publicIPAddresses.delete(group, names[0]!),
  put: {
    send: ({ clients, group, names }, body) => clients.network.publicIPAddresses.createOrUpdate(group, names[0]!, body),
    body: ({ site }) => ({
      location: site.location,
      sku: { name: 'Standard' },
      publicIPAllocationMethod: 'Static',
      publicIPAddressVersion: 'IPv4',
    }),
  },
});

/** The subnet's explicit way out: subnets of new virtual networks have none by default (Azure docs: default outbound access). */
export const natGateway = defineResourceType<NatGateway>({
  type: 'Microsoft.Network/natGateways',
  get: ({ clients, group, names }) => clients.network.natGateways.get(group, names[0]!),
  delete: ({ clients, group, names }) => clients.network.natGateways.delete(group, names[0]!),
  put: {
    send: ({ clients, group, names }, body) => clients.network.natGateways.createOrUpdate(group, names[0]!, body),
    body: ({ site }) => ({
      location: site.location,
      sku: { name: 'Standard' },
      idleTimeoutInMinutes: 4,
      publicIpAddresses: [reference(plannedResource(site, 'natAddress').id)],
    }),
  },
});
