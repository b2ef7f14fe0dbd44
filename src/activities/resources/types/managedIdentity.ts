import type { Identity } from '../../../azure/models.ts';
import { defineResourceType } from '../resourceType.ts';

/** The jumpbox's identity; what it may do is in `roles.ts`. */
export const identity = defineResourceType<Identity>({
  type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
  get: ({ clients, group, names }) => clients.identities.userAssignedIdentities.get(group, names[0]!),
  delete: ({ clients, group, names }) => clients.identities.userAssignedIdentities.delete(group, names[0]!),
  put: {
    send: ({ clients, group, names }, body) =>
      clients.identities.userAssignedIdentities.createOrUpdate(group, names[0]!, body),
    body: ({ site }) => ({ location: site.location }),
  },
});
