import type { PrivateZone } from '../../../azure/clients.ts';
import { defineResourceType } from '../resourceType.ts';

export const privateDnsZone = defineResourceType<PrivateZone>({
  type: 'Microsoft.Network/privateDnsZones',
  get: ({ clients, group, names }) => clients.dns.privateZones.get(group, names[0]!),
  delete: ({ clients, group, names }) => clients.dns.privateZones.delete(group, names[0]!),
  put: {
    send: ({ clients, group, names }, body) => clients.dns.privateZones.createOrUpdate(group, names[0]!, body),
    body: () => ({ location: 'global' }),
  },
});
