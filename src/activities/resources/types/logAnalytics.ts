import { defineResourceType } from '../resourceType.ts';
import type { GenericResource } from '../resourceType.ts';

const apiVersion = '2023-09-01';

export const logAnalytics = defineResourceType<GenericResource>({
  type: 'Microsoft.OperationalInsights/workspaces',
  get: async ({ generic, id }) => (await generic.send('GET', id, apiVersion)) as GenericResource,
  // Without `force`, the workspace stays recoverable and reserves its name for 14 days.
  delete: ({ generic, id }) => generic.send('DELETE', id, apiVersion, { query: { force: 'true' } }),
  put: {
    send: ({ generic, id }, body) => generic.send('PUT', id, apiVersion, { body }),
    body: ({ ref }) => ({
      location: ref.location,
      properties: { sku: { name: 'PerGB2018' }, retentionInDays: 30 },
    }),
  },
});
