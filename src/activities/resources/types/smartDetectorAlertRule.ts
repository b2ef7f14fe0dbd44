import { defineResourceType } from '../resourceType.ts';
import type { GenericResource } from '../resourceType.ts';

const apiVersion = '2021-04-01';

/** Azure creates this rule, and the action group that it notifies, for every Application Insights, some time after its creation. */
export const smartDetectorAlertRule = defineResourceType<GenericResource>({
  type: 'Microsoft.AlertsManagement/smartDetectorAlertRules',
  get: async ({ generic, id }) => (await generic.send('GET', id, apiVersion)) as GenericResource,
  delete: ({ generic, id }) => generic.send('DELETE', id, apiVersion),
});
