import type { PrivateEndpoint } from '../../../azure/clients.ts';
import { isBrought } from '../../../domain/broughtResources.ts';
import { privateLinkOf } from '../../../domain/privateLinks.ts';
import { plannedResource } from '../../../domain/resources.ts';
import { mayApprove } from '../connectionApproval.ts';
import { defineResourceType, scoringSubnet } from '../resourceType.ts';
import type { DesiredState } from '../resourceType.ts';

/** Whether somebody else approves the connection: the owner of an existing resource. What was requested once stays so. */
async function isManual({ ref, key, generic, actual }: DesiredState): Promise<boolean> {
  if (actual) return ((actual as PrivateEndpoint).manualPrivateLinkServiceConnections ?? []).length > 0;
  const target = plannedResource(ref, privateLinkOf(key).target);
  return isBrought(ref, target) && !(await mayApprove(generic, target));
}

export const privateEndpoint = defineResourceType<PrivateEndpoint>({
  type: 'Microsoft.Network/privateEndpoints',
  get: ({ clients, group, names }) => clients.network.privateEndpoints.get(group, names[0]!),
  delete: ({ clients, group, names }) => clients.network.privateEndpoints.delete(group, names[0]!),
  put: {
    send: ({ clients, group, names }, body) => clients.network.privateEndpoints.createOrUpdate(group, names[0]!, body),
    body: async (desired) => {
      const { ref, key, names } = desired;
      const { target, groupId } = privateLinkOf(key);
      const connection = {
        name: names[0]!,
        privateLinkServiceId: plannedResource(ref, target).id,
        groupIds: [groupId],
      };
      return {
        location: ref.location,
        subnet: scoringSubnet(ref),
        ...((await isManual(desired))
          ? {
              manualPrivateLinkServiceConnections: [
                { ...connection, requestMessage: `Moat environment ${ref.name} of ${ref.subscriptionId}` },
              ],
            }
          : { privateLinkServiceConnections: [connection] }),
      };
    },
  },
});
