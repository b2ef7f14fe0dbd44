import { plannedResource } from '../../../domain/resources.ts';
import { defineResourceType } from '../resourceType.ts';
import type { GenericResource } from '../resourceType.ts';

const apiVersion = '2020-02-02';

/** Workspace-based: Azure has retired the classic kind (Azure docs: convert a classic resource). */
export const applicationInsights = defineResourceType<GenericResource>({
  type: 'Microsoft.Insights/components',
  get: async ({ generic, id }) => (await generic.send('GET', id, apiVersion)) as GenericResource,
  delete: ({ generic, id }) => generic.send('DELETE', id, apiVersion),
  put: {
    send: ({ generic, id }, body) => generic.send('PUT', id, apiVersion, { body }),
    body: ({ ref }) => ({
      location: ref.location,
      kind: 'web',
      properties: {
        Application_Type: 'web',
        WorkspaceResourceId: plannedResource(ref, 'logAnalytics').id,
        publicNetworkAccessForIngestion: 'Enabled',
        publicNetworkAccessForQuery: 'Disabled',
      },
    }),
  },
});
