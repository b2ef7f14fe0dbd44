import type { OnlineEndpoint } from '../../../azure/clients.ts';
import { resourceName } from '../../../domain/resources.ts';
import { defineResourceType } from '../resourceType.ts';

export const onlineEndpoint = defineResourceType<OnlineEndpoint>({
  type: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints',
  get: ({ clients, group, names }) => clients.machineLearning.onlineEndpoints.get(group, names[0]!, names[1]!),
  delete: ({ clients, group, names }) =>
    clients.machineLearning.onlineEndpoints.beginDelete(group, names[0]!, names[1]!),
  put: {
    send: ({ clients, group, names }, body) =>
      clients.machineLearning.onlineEndpoints.beginCreateOrUpdate(group, names[0]!, names[1]!, body),
    body: ({ ref, options, actual }) => {
      const traffic =
        options.traffic === undefined
          ? (actual as OnlineEndpoint | undefined)?.properties.traffic
          : { [resourceName(ref, 'deployment')]: options.traffic };
      return {
        location: ref.location,
        kind: 'Managed',
        identity: { type: 'SystemAssigned' },
        properties: { authMode: 'Key', publicNetworkAccess: 'Disabled', ...(traffic ? { traffic } : {}) },
      };
    },
  },
  recreateWhenFailed: true,
});
