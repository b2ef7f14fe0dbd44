import type { NetworkSecurityGroup, SecurityRule } from '../../../azure/models.ts';
import { defineResourceType } from '../resourceType.ts';

const rule = (
  priority: number,
  direction: 'Inbound' | 'Outbound',
  name: string,
  more: Partial<SecurityRule>,
): SecurityRule => ({
  name,
  priority,
  direction,
  access: 'Allow',
  protocol: 'Tcp',
  sourceAddressPrefix: '*',
  sourcePortRange: '*',
  destinationAddressPrefix: '*',
  destinationPortRange: '443',
  ...more,
});

const outbound = (priority: number, name: string, to: string, port = '443', from = '*'): SecurityRule =>
  rule(priority, 'Outbound', name, {
    destinationAddressPrefix: to,
    destinationPortRange: port,
    sourceAddressPrefix: from,
  });

/**
 * The article's rules, with two corrections: Front Door's first-party tag (Azure docs: managed network), and a Deny to the
 * Internet, without which the platform's own AllowInternetOutBound makes every rule above it pointless. AllowVnet stays.
 */
const rules = (location: string): SecurityRule[] => [
  rule(130, 'Inbound', 'AzureMachineLearningInbound', {
    sourceAddressPrefix: 'AzureMachineLearning',
    destinationPortRange: '44224',
  }),
  outbound(140, 'AzureActiveDirectory', 'AzureActiveDirectory', '*'),
  outbound(160, 'AzureResourceManager', 'AzureResourceManager'),
  outbound(170, 'AzureStorageAccount', `Storage.${location}`),
  outbound(180, 'AzureFrontDoor', 'AzureFrontDoor.FirstParty'),
  outbound(190, 'AzureContainerRegistry', `AzureContainerRegistry.${location}`),
  outbound(200, 'MicrosoftContainerRegistry', 'MicrosoftContainerRegistry', '443', 'VirtualNetwork'),
  { ...outbound(4000, 'DenyInternet', 'Internet', '*'), access: 'Deny', protocol: '*' },
];

export const networkSecurityGroup = defineResourceType<NetworkSecurityGroup>({
  type: 'Microsoft.Network/networkSecurityGroups',
  get: ({ clients, group, names }) => clients.network.networkSecurityGroups.get(group, names[0]!),
  delete: ({ clients, group, names }) => clients.network.networkSecurityGroups.delete(group, names[0]!),
  put: {
    send: ({ clients, group, names }, body) =>
      clients.network.networkSecurityGroups.createOrUpdate(group, names[0]!, body),
    body: ({ site }) => ({ location: site.location, securityRules: rules(site.location) }),
  },
});

/** Open only while the jumpbox is set up and the image is built: packages, sources and base images come from the Internet. */
export const securityRule = defineResourceType<SecurityRule>({
  type: 'Microsoft.Network/networkSecurityGroups/securityRules',
  get: ({ clients, group, names }) => clients.network.securityRules.get(group, names[0]!, names[1]!),
  delete: ({ clients, group, names }) => clients.network.securityRules.delete(group, names[0]!, names[1]!),
  put: {
    send: ({ clients, group, names }, body) =>
      clients.network.securityRules.createOrUpdate(group, names[0]!, names[1]!, body),
    body: ({ names }) => {
      const { destinationPortRange: _, ...open } = outbound(210, names[1]!, 'Internet', '*', 'VirtualNetwork');
      return { ...open, destinationPortRanges: ['80', '443'] };
    },
  },
});
