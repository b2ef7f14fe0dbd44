import type { VirtualNetworkLink } from '../../../azure/clients.ts';
import { plannedResource } from '../../../domain/resources.ts';
import { defineResourceType, reference } from '../resourceType.ts';

export const virtualNetworkLink = defineResourceType<VirtualNetworkLink>({
  type: 'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
  get: ({ clients, group, names }) => clients.dns.virtualNetworkLinks.get(group, names[0]!, names[1]!),
  delete: ({ clients, group, names }) => clients.dns.virtualNetworkLinks.delete(group, names[0]!, names[1]!),
  put: {
    send: ({ clients, group, names }, body) =>
      clients.dns.virtualNetworkLinks.createOrUpdate(group, names[0]!, names[1]!, body),
    body: ({ ref }) => ({
      location: 'global',
      virtualNetwork: reference(plannedResource(ref, 'virtualNetwork').id),
      registrationEnabled: false,
    }),
  },
});
