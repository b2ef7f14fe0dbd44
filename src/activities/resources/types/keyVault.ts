import type { GenericClient } from '../../../azure/genericClient.ts';
import type { Vault, VaultCreateOrUpdateParameters } from '../../../azure/clients.ts';
import { defineResourceType } from '../resourceType.ts';

export const vault = defineResourceType<Vault, VaultCreateOrUpdateParameters>({
  type: 'Microsoft.KeyVault/vaults',
  get: ({ clients, group, names }) => clients.vaults.vaults.get(group, names[0]!),
  delete: ({ clients, group, names }) => clients.vaults.vaults.delete(group, names[0]!),
  put: {
    send: ({ clients, group, names }, body) => clients.vaults.vaults.createOrUpdate(group, names[0]!, body),
    body: async ({ ref, generic, options }) => ({
      location: ref.location,
      properties: {
        tenantId: options.tenantId ?? (await tenantOf(generic, ref.subscriptionId)),
        sku: { family: 'A', name: 'standard' },
        enableRbacAuthorization: true,
        // Required by the schema, though RBAC does not use it (REST reference: vaults, create or update).
        accessPolicies: [],
        enableSoftDelete: true,
        softDeleteRetentionInDays: 7,
        publicNetworkAccess: 'Disabled',
        // Azure Machine Learning stores the endpoint's keys here: without the bypass, key authentication fails (PF-15).
        networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny' },
      },
    }),
  },
  checkNameAvailability: (clients, name) =>
    clients.vaults.vaults.checkNameAvailability({ name, type: 'Microsoft.KeyVault/vaults' }),
});

async function tenantOf(generic: GenericClient, subscriptionId: string): Promise<string> {
  const subscription = (await generic.send('GET', `/subscriptions/${subscriptionId}`, '2022-12-01')) as {
    tenantId?: string;
  };
  if (!subscription.tenantId) throw new Error(`subscription ${subscriptionId} has no tenant id`);
  return subscription.tenantId;
}
