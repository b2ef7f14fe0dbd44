import type { StorageAccount, StorageAccountCreateParameters } from '../../../azure/clients.ts';
import { armAccess, openResources } from '../../../domain/isolationSpec.ts';
import { defineResourceType } from '../resourceType.ts';

export const storageAccount = defineResourceType<StorageAccount, StorageAccountCreateParameters>({
  type: 'Microsoft.Storage/storageAccounts',
  get: ({ clients, group, names }) => clients.storage.storageAccounts.getProperties(group, names[0]!),
  delete: ({ clients, group, names }) => clients.storage.storageAccounts.delete(group, names[0]!),
  put: {
    send: ({ clients, group, names }, body) => clients.storage.storageAccounts.create(group, names[0]!, body),
    body: ({ ref, options }) => {
      const { publicNetworkAccess, defaultAction } = armAccess(openResources(options).storageAccount);
      return {
        location: ref.location,
        sku: { name: 'Standard_LRS' },
        kind: 'StorageV2',
        accessTier: 'Hot',
        allowBlobPublicAccess: false,
        allowCrossTenantReplication: false,
        // Blobs are accessed by identity only (`systemDatastoresAuthMode` of the workspace): policies of many tenants forbid keys.
        allowSharedKeyAccess: false,
        enableHttpsTrafficOnly: true,
        minimumTlsVersion: 'TLS1_2',
        publicNetworkAccess,
        // The bypass includes Azure Machine Learning. The empty lists remove what somebody added.
        networkRuleSet: { bypass: 'AzureServices', defaultAction, ipRules: [], virtualNetworkRules: [] },
      };
    },
  },
  checkNameAvailability: (clients, name) =>
    clients.storage.storageAccounts.checkNameAvailability({ name, type: 'Microsoft.Storage/storageAccounts' }),
});
