import type { PrivateDnsZoneGroup, PrivateZone, VirtualNetworkLink } from '../../../azure/models.ts';
import { privateLinks } from '../../../domain/naming.ts';
import type { PrivateLink } from '../../../domain/naming.ts';
import { plannedResource } from '../../../domain/resources.ts';
import { defineResourceType, reference } from '../resourceType.ts';

export const privateDnsZone = defineResourceType<PrivateZone>({
  type: 'Microsoft.Network/privateDnsZones',
  get: ({ clients, group, names }) => clients.dns.privateZones.get(group, names[0]!),
  delete: ({ clients, group, names }) => clients.dns.privateZones.delete(group, names[0]!),
  put: {
    send: ({ clients, group, names }, body) => clients.dns.privateZones.createOrUpdate(group, names[0]!, body),
    body: () => ({ location: 'global' }),
  },
});

export const virtualNetworkLink = defineResourceType<VirtualNetworkLink>({
  type: 'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
  get: ({ clients, group, names }) => clients.dns.virtualNetworkLinks.get(group, names[0]!, names[1]!),
  delete: ({ clients, group, names }) => clients.dns.virtualNetworkLinks.delete(group, names[0]!, names[1]!),
  put: {
    send: ({ clients, group, names }, body) =>
      clients.dns.virtualNetworkLinks.createOrUpdate(group, names[0]!, names[1]!, body),
    body: ({ site }) => ({
      location: 'global',
      virtualNetwork: reference(plannedResource(site, 'virtualNetwork').id),
      registrationEnabled: false,
    }),
  },
});

/** Writes a private endpoint's records into the zones: silently none where a zone has the wrong name. */
export const privateDnsZoneGroup = defineResourceType<PrivateDnsZoneGroup>({
  type: 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
  get: ({ clients, group, names }) => clients.network.privateDnsZoneGroups.get(group, names[0]!, names[1]!),
  delete: ({ clients, group, names }) => clients.network.privateDnsZoneGroups.delete(group, names[0]!, names[1]!),
  put: {
    send: ({ clients, group, names }, body) =>
      clients.network.privateDnsZoneGroups.createOrUpdate(group, names[0]!, names[1]!, body),
    body: ({ site, key }) => ({
      privateDnsZoneConfigs: privateLinks[key.replace(/^.*:/, '') as PrivateLink].zones.map((zone) => ({
        name: zone.replaceAll('.', '-'),
        privateDnsZoneId: plannedResource(site, `zone:${zone}`).id,
      })),
    }),
  },
});
