import type { SecurityRule } from '../../../azure/clients.ts';
import { defineResourceType } from '../resourceType.ts';
import { outboundRule } from '../securityRules.ts';

/** Exists only while the jumpbox is set up and the image is built: packages, sources and base images come from the Internet. */
export const securityRule = defineResourceType<SecurityRule>({
  type: 'Microsoft.Network/networkSecurityGroups/securityRules',
  get: ({ clients, group, names }) => clients.network.securityRules.get(group, names[0]!, names[1]!),
  delete: ({ clients, group, names }) => clients.network.securityRules.delete(group, names[0]!, names[1]!),
  put: {
    send: ({ clients, group, names }, body) =>
      clients.network.securityRules.createOrUpdate(group, names[0]!, names[1]!, body),
    body: ({ names }) => {
      const { destinationPortRange: _, ...open } = outboundRule(210, names[1]!, 'Internet', '*', 'VirtualNetwork');
      return { ...open, destinationPortRanges: ['80', '443'] };
    },
  },
});
