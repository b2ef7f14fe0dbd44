import type { Registry } from '../../../azure/clients.ts';
import { armAccess, openResources } from '../../../domain/isolationSpec.ts';
import { defineResourceType } from '../resourceType.ts';

export const registry = defineResourceType<Registry>({
  type: 'Microsoft.ContainerRegistry/registries',
  get: ({ clients, group, names }) => clients.registries.registries.get(group, names[0]!),
  delete: ({ clients, group, names }) => clients.registries.registries.delete(group, names[0]!),
  put: {
    send: ({ clients, group, names }, body) => clients.registries.registries.create(group, names[0]!, body),
    body: ({ ref, options }) => {
      const { publicNetworkAccess, defaultAction } = armAccess(openResources(options).registry);
      return {
        location: ref.location,
        sku: { name: 'Premium' }, // PF-08: private endpoints need it
        adminUserEnabled: false,
        anonymousPullEnabled: false,
        publicNetworkAccess,
        networkRuleBypassOptions: 'AzureServices',
        networkRuleSet: { defaultAction, ipRules: [] },
      };
    },
  },
  checkNameAvailability: (clients, name) =>
    clients.registries.registries.checkNameAvailability({ name, type: 'Microsoft.ContainerRegistry/registries' }),
});
