import type { NetworkSecurityGroup, SecurityRule } from '../../../azure/clients.ts';
import { defineResourceType } from '../resourceType.ts';
import { outboundRule, securityRuleOf } from '../securityRules.ts';

/**
 * The article's rules, with two corrections: Front Door's first-party tag (Azure docs: managed network), and a Deny rule for
 * the Internet: without it, the default rule AllowInternetOutBound makes the outbound rules ineffective. AllowVnet remains.
 */
export const plannedSecurityRules = (location: string): SecurityRule[] => [
  securityRuleOf(130, 'Inbound', 'AzureMachineLearningInbound', {
    sourceAddressPrefix: 'AzureMachineLearning',
    destinationPortRange: '44224',
  }),
  outboundRule(140, 'AzureActiveDirectory', 'AzureActiveDirectory', '*'),
  outboundRule(160, 'AzureResourceManager', 'AzureResourceManager'),
  outboundRule(170, 'AzureStorageAccount', `Storage.${location}`),
  outboundRule(180, 'AzureFrontDoor', 'AzureFrontDoor.FirstParty'),
  outboundRule(190, 'AzureContainerRegistry', `AzureContainerRegistry.${location}`),
  outboundRule(200, 'MicrosoftContainerRegistry', 'MicrosoftContainerRegistry', '443', 'VirtualNetwork'),
  { ...outboundRule(4000, 'DenyInternet', 'Internet', '*'), access: 'Deny', protocol: '*' },
];

export const networkSecurityGroup = defineResourceType<NetworkSecurityGroup>({
  type: 'Microsoft.Network/networkSecurityGroups',
  get: ({ clients, group, names }) => clients.network.networkSecurityGroups.get(group, names[0]!),
  delete: ({ clients, group, names }) => clients.network.networkSecurityGroups.delete(group, names[0]!),
  put: {
    send: ({ clients, group, names }, body) =>
      clients.network.networkSecurityGroups.createOrUpdate(group, names[0]!, body),
    body: ({ ref }) => ({ location: ref.location, securityRules: plannedSecurityRules(ref.location) }),
  },
});
