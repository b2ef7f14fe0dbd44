import { plannedResource } from '../../../domain/resources.ts';
import { defineResourceType } from '../resourceType.ts';

interface ArmResource {
  location: string;
  kind?: string;
  properties: Record<string, unknown>;
}

const logAnalyticsVersion = '2023-09-01';
const componentVersion = '2020-02-02';

export const logAnalytics = defineResourceType<ArmResource>({
  type: 'Microsoft.OperationalInsights/workspaces',
  get: async ({ generic, id }) => (await generic.send('GET', id, logAnalyticsVersion)) as ArmResource,
  // Without `force` the workspace would stay recoverable, and its name taken, for 14 days.
  delete: ({ generic, id }) => generic.send('DELETE', id, logAnalyticsVersion, { query: { force: 'true' } }),
  put: {
    send: ({ generic, id }, body) => generic.send('PUT', id, logAnalyticsVersion, { body }),
    body: ({ site }) => ({
      location: site.location,
      properties: { sku: { name: 'PerGB2018' }, retentionInDays: 30 },
    }),
  },
});

/** Workspace-based: the classic kind is retired (Azure docs: convert a classic resource). */
export const applicationInsights = defineResourceType<ArmResource>({
  type: 'Microsoft.Insights/components',
  get: async ({ generic, id }) => (await generic.send('GET', id, componentVersion)) as ArmResource,
  delete: ({ generic, id }) => generic.send('DELETE', id, componentVersion),
  put: {
    send: ({ generic, id }, body) => generic.send('PUT', id, componentVersion, { body }),
    body: ({ site }) => ({
      location: site.location,
      kind: 'web',
      properties: {
        Application_Type: 'web',
        WorkspaceResourceId: plannedResource(site, 'logAnalytics').id,
        publicNetworkAccessForIngestion: 'Enabled',
        publicNetworkAccessForQuery: 'Disabled',
      },
    }),
  },
});

/** Azure adds this rule, and the action group that it tells, to every Application Insights by itself, some time after it is made. */
export const smartDetectorAlertRule = defineResourceType<ArmResource>({
  type: 'Microsoft.AlertsManagement/smartDetectorAlertRules',
  get: async ({ generic, id }) => (await generic.send('GET', id, '2021-04-01')) as ArmResource,
  delete: ({ generic, id }) => generic.send('DELETE', id, '2021-04-01'),
});

export const actionGroup = defineResourceType<ArmResource>({
  type: 'Microsoft.Insights/actionGroups',
  get: async ({ generic, id }) => (await generic.send('GET', id, '2023-01-01')) as ArmResource,
  delete: ({ generic, id }) => generic.send('DELETE', id, '2023-01-01'),
});
