import type { PrivateDnsZoneGroup } from '../../../azure/clients.ts';
import { privateLinkOf } from '../../../domain/privateLinks.ts';
import { plannedResource } from '../../../domain/resources.ts';
import { defineResourceType } from '../resourceType.ts';

/** Writes a private endpoint's records into the zones. A zone with a wrong name gets none, without an error. */
export const privateDnsZoneGroup = defineResourceType<PrivateDnsZoneGroup>({
  type: 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
  get: ({ clients, group, names }) => clients.network.privateDnsZoneGroups.get(group, names[0]!, names[1]!),
  delete: ({ clients, group, names }) => clients.network.privateDnsZoneGroups.delete(group, names[0]!, names[1]!),
  put: {
    send: ({ clients, group, names }, body) =>
      clients.network.privateDnsZoneGroups.createOrUpdate(group, names[0]!, names[1]!, body),
    body: ({ ref, key }) => ({
      privateDnsZoneConfigs: privateLinkOf(key).zoneNames.map((zone) => ({
        name: zone.replaceAll('.', '-'),
        privateDnsZoneId: plannedResource(ref, `zone:${zone}`).id,
      })),
    }),
  },
});
