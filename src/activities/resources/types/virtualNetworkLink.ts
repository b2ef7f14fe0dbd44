import type { VirtualNetworkLink } from '../../../azure/clients.ts';
import { isWithin } from '../../../domain/naming.ts';
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
  // a link keeps its network (hashicorp/terraform-provider-azurerm: virtual_network_id forces a new link)
  mustRecreate: ({ ref, actual }) =>
    !isWithin(plannedResource(ref, 'virtualNetwork').id, (actual as VirtualNetworkLink).virtualNetwork?.id ?? ''),
});
