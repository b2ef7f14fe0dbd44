import { defineResourceType } from '../resourceType.ts';
import type { GenericResource } from '../resourceType.ts';

const apiVersion = '2023-01-01';

/** The action group that Azure creates together with the smart detector alert rule. */
export const actionGroup = defineResourceType<GenericResource>({
  type: 'Microsoft.Insights/actionGroups',
  get: async ({ generic, id }) => (await generic.send('GET', id, apiVersion)) as GenericResource,
  delete: ({ generic, id }) => generic.send('DELETE', id, apiVersion),
});
