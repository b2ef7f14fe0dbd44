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
    body: ({ ref, key, names }) => {
      const { target, groupId } = privateLinkOf(key);
      return {
        location: ref.location,
        subnet: scoringSubnet(ref),
        privateLinkServiceConnections: [
          { name: names[0]!, privateLinkServiceId: plannedResource(ref, target).id, groupIds: [groupId] },
        ],
      };
    },
  },
});
