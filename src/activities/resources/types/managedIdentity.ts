import type { Identity } from '../../../azure/clients.ts';
import { defineResourceType } from '../resourceType.ts';

/** The jumpbox's identity; its roles are in `roleAssignments.ts`. */
export const identity = defineResourceType<Identity>({
  type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
  get: ({ clients, group, names }) => clients.identities.userAssignedIdentities.get(group, names[0]!),
  delete: ({ clients, group, names }) => clients.identities.userAssignedIdentities.delete(group, names[0]!),
  put: {
    send: ({ clients, group, names }, body) =>
      clients.identities.userAssignedIdentities.createOrUpdate(group, names[0]!, body),
    body: ({ ref }) => ({ location: ref.location }),
  },
});
