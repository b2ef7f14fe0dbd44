import type { PrivateEndpoint } from '../../../azure/models.ts';
import { names as namesOf, privateLinks } from '../../../domain/naming.ts';
import type { PrivateLink, EnvironmentRef } from '../../../domain/naming.ts';
import { plannedResource } from '../../../domain/resources.ts';
import type { ResourceKey } from '../../../domain/resources.ts';
import { defineResourceType, reference } from '../resourceType.ts';

/** What each private endpoint leads to. */
const targets: Record<PrivateLink, ResourceKey> = {
  vault: 'vault',
  blob: 'storageAccount',
  file: 'storageAccount',
  registry: 'registry',
  workspace: 'workspace',
};

/** The subnet's id, for what gets an address in it. */
export const scoringSubnet = (site: EnvironmentRef): { id: string } =>
  reference(`${plannedResource(site, 'virtualNetwork').id}/subnets/${namesOf(site).subnet}`);

export const privateEndpoint = defineResourceType<PrivateEndpoint>({
  type: 'Microsoft.Network/privateEndpoints',
  get: ({ clients, group, names }) => clients.network.privateEndpoints.get(group, names[0]!),
  delete: ({ clients, group, names }) => clients.network.privateEndpoints.delete(group, names[0]!),
  put: {
    send: ({ clients, group, names }, body) => clients.network.privateEndpoints.createOrUpdate(group, names[0]!, body),
    body: ({ site, key, names }) => {
      const link = key.replace(/^.*:/, '') as PrivateLink;
      return {
        location: site.location,
        subnet: scoringSubnet(site),
        privateLinkServiceConnections: [
          {
            name: names[0]!,
            privateLinkServiceId: plannedResource(site, targets[link]).id,
            groupIds: [privateLinks[link].groupId],
          },
        ],
      };
    },
  },
});
