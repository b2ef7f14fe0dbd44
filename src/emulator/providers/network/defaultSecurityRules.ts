import { nameOf, parentIdOf } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { JsonObject, Resource, ResourceType, Cloud } from '../../arm/model.ts';
import { toArm } from '../../arm/toArm.ts';

const groupType = 'Microsoft.Network/networkSecurityGroups';
const type = `${groupType}/defaultSecurityRules`;

/** What every security group ends with (Azure docs: network security groups overview). */
const rows = [
  [65000, 'Inbound', 'Allow', 'AllowVnetInBound', 'VirtualNetwork', 'VirtualNetwork'],
  [65001, 'Inbound', 'Allow', 'AllowAzureLoadBalancerInBound', 'AzureLoadBalancer', '*'],
  [65500, 'Inbound', 'Deny', 'DenyAllInBound', '*', '*'],
  [65000, 'Outbound', 'Allow', 'AllowVnetOutBound', 'VirtualNetwork', 'VirtualNetwork'],
  [65001, 'Outbound', 'Allow', 'AllowInternetOutBound', '*', 'Internet'],
  [65500, 'Outbound', 'Deny', 'DenyAllOutBound', '*', '*'],
] as const;

const descriptions: Record<(typeof rows)[number][3], string> = {
  AllowVnetInBound: 'Allow inbound traffic from all VMs in VNET',
  AllowAzureLoadBalancerInBound: 'Allow inbound traffic from azure load balancer',
  DenyAllInBound: 'Deny all inbound traffic',
  AllowVnetOutBound: 'Allow outbound traffic from all VMs to all VMs in VNET',
  AllowInternetOutBound: 'Allow outbound traffic from all VMs to Internet',
  DenyAllOutBound: 'Deny all outbound traffic',
};

/** Azure returns the list members of a rule beside the single ones, empty when they were not given. */
export const emptyLists = {
  sourcePortRanges: [],
  destinationPortRanges: [],
  sourceAddressPrefixes: [],
  destinationAddressPrefixes: [],
};

function rulesOf(group: Resource): Resource[] {
  return rows.map(([priority, direction, access, name, sourceAddressPrefix, destinationAddressPrefix]) => ({
    id: `${group.id}/defaultSecurityRules/${name}`,
    type,
    name,
    createdAt: group.createdAt,
    properties: {
      description: descriptions[name],
      protocol: '*',
      sourcePortRange: '*',
      destinationPortRange: '*',
      sourceAddressPrefix,
      destinationAddressPrefix,
      access,
      priority,
      direction,
      ...emptyLists,
    },
  }));
}

/** The default rules as a security group answers them. */
export const defaultRulesOf = (cloud: Cloud, group: Resource): JsonObject[] =>
  rulesOf(group).map((rule) => toArm(cloud, defaultSecurityRule, rule, {}));

/** The default rules of a security group: they can be read, and nothing else. */
export const defaultSecurityRule: ResourceType = {
  type,
  style: 'network',
  duration: {},
  proxy: true,
  prepare: () => {
    throw new ArmError(405, 'MethodNotAllowed', 'Default security rules are read only.');
  },
  findBuiltIn: (cloud, id) => {
    const group = cloud.find(parentIdOf(id));
    return group && rulesOf(group).find(({ name }) => name.toLowerCase() === nameOf(id).toLowerCase());
  },
  list: (cloud, groupId) => {
    const group = cloud.find(groupId);
    return group ? defaultRulesOf(cloud, group) : [];
  },
};
