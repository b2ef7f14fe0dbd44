import type { JsonObject } from '../arm/model.ts';
import { isInBlock } from './ipAddresses.ts';
import { listAt, textAt } from './jsonPath.ts';

/** Whether the flag closes a resource to the public network. Azure compares it without regard to case. */
export const isPublicAccessDisabled = (properties: JsonObject): boolean =>
  textAt(properties, 'publicNetworkAccess').toLowerCase() === 'disabled';

/**
 * Whether the network rules refuse a public address: the default action is Deny, and no rule holds the address. `member`: `networkAcls` of a
 * storage account or vault, `networkRuleSet` of a registry (Azure docs: storage firewall rules, Key Vault network security, registry public IP
 * network rules). Rules for subnets need service endpoints, which are not emulated.
 */
export function isRefusedByRules(
  properties: JsonObject,
  member: 'networkAcls' | 'networkRuleSet',
  address: string,
): boolean {
  const rules = listAt(properties, member, 'ipRules');
  const isListed = rules.some((rule) => isInBlock(address, textAt(rule, 'value')));
  return textAt(properties, member, 'defaultAction').toLowerCase() === 'deny' && !isListed;
}
