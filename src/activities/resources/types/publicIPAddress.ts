import type { PublicIPAddress } from '../../../azure/clients.ts';
import { defineResourceType } from '../resourceType.ts';

/** The outbound address of the NAT gateway; it accepts no inbound connections. */
export const publicIPAddress = defineResourceType<PublicIPAddress>({
  type: 'Microsoft.Network/publicIPAddresses',
  get: ({ clients, group, names }) => clients.network.publicIPAddresses.get(group, names[0]!),
  delete: ({ clients, group, names }) => clients.network.publicIPAddresses.delete(group, names[0]!),
  put: {
    send: ({ clients, group, names }, body) => clients.network.publicIPAddresses.createOrUpdate(group, names[0]!, body),
    body: ({ ref }) => ({
      location: ref.location,
      sku: { name: 'Standard' },
      publicIPAllocationMethod: 'Static',
      publicIPAddressVersion: 'IPv4',
    }),
  },
});
