import type { StorageAccount, StorageAccountCreateParameters } from '../../../azure/clients.ts';
import { defineResourceType } from '../resourceType.ts';

export const storageAccount = defineResourceType<StorageAccount, StorageAccountCreateParameters>({
  type: 'Microsoft.Storage/storageAccounts',
  get: ({ clients, group, names }) => clients.storage.storageAccounts.getProperties(group, names[0]!),
  delete: ({ clients, group, names }) => clients.storage.storageAccounts.delete(group, names[0]!),
  put: {
    send: ({ clients, group, names }, body) => clients.storage.storageAccounts.create(group, names[0]!, body),
    body: ({ ref }) => ({
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
      publicNetworkAccess: 'Disabled',
      // The bypass includes Azure Machine Learning. The empty lists remove what somebody added.
      networkRuleSet: { bypass: 'AzureServices', defaultAction: 'Deny', ipRules: [], virtualNetworkRules: [] },
    }),
  },
  checkNameAvailability: (clients, name) =>
    clients.storage.storageAccounts.checkNameAvailability({ name, type: 'Microsoft.Storage/storageAccounts' }),
});
