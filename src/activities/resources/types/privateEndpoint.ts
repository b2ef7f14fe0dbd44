import type { PrivateEndpoint } from '../../../azure/clients.ts';
import { privateLinkOf } from '../../../domain/privateLinks.ts';
import { plannedResource } from '../../../domain/resources.ts';
import { defineResourceType, scoringSubnet } from '../resourceType.ts';

export const privateEndpoint = defineResourceType<PrivateEndpoint>({
  type: 'Microsoft.Network/privateEndpoints',
  get: ({ clients, group, names }) => clients.network.privateEndpoints.get(group, names[0]!),
  delete: ({ clients, group, names }) => clients.network.privateEndpoints.delete(group, names[0]!),
  put: {
    send: ({ clients, group, names }, body) => clients.network.privateEndpoints.createOrUpdate(group, names[0]!, body),
    body: ({ site, key, names }) => {
      const { target, groupId } = privateLinkOf(key);
      return {
        location: site.location,
        subnet: scoringSubnet(site),
        privateLinkServiceConnections: [
          { name: names[0]!, privateLinkServiceId: plannedResource(site, target).id, groupIds: [groupId] },
        ],
      };
    },
  },
});
