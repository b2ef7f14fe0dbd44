import { asList, asObject, asText, textOf } from '../../http/call.ts';
import type { Json, JsonObject, Resource, Cloud } from '../../arm/model.ts';
import { defaultRulesOf } from './defaultSecurityRules.ts';
import { expanded } from './serviceTags.ts';

const ruleType = 'Microsoft.Network/networkSecurityGroups/securityRules';

/** The values of a rule's member in either spelling, `destinationPortRange` and `destinationPortRanges`. */
function valuesOf(rule: JsonObject, one: string, several: string): string[] {
  const single = asText(rule[one]);
  return single === undefined || single === '' ? asList(rule[several]).map(textOf) : [single];
}

const portRange = (port: string): string => (port === '*' ? '0-65535' : port.includes('-') ? port : `${port}-${port}`);

function addressPrefix(prefix: string): string {
  if (prefix === '*') return '0.0.0.0/0';
  return /^\d+(\.\d+){3}$/.test(prefix) ? `${prefix}/32` : prefix;
}

/** One side of a rule: `source` or `destination`, with the addresses of its service tags. */
function sideOf(rule: JsonObject, side: string, spaces: string[]): JsonObject {
  const ports = valuesOf(rule, `${side}PortRange`, `${side}PortRanges`).map(portRange);
  const prefixes = valuesOf(rule, `${side}AddressPrefix`, `${side}AddressPrefixes`).map(addressPrefix);
  const behindTags = prefixes.flatMap((prefix) => expanded(prefix, spaces) ?? []);
  const name = side === 'source' ? 'Source' : 'Destination';
  return {
    [`${side}PortRange`]: ports[0] ?? '',
    [`${side}PortRanges`]: ports,
    [`${side}AddressPrefix`]: prefixes[0] ?? '',
    [`${side}AddressPrefixes`]: prefixes,
    ...(behindTags.length > 0 ? { [`expanded${name}AddressPrefix`]: behindTags } : {}),
  };
}

function effectiveRule(name: string, rule: JsonObject, spaces: string[]): JsonObject {
  const { protocol, access = null, priority = null, direction = null } = rule;
  return {
    name,
    protocol: protocol === '*' ? 'All' : (protocol ?? null),
    ...sideOf(rule, 'source', spaces),
    ...sideOf(rule, 'destination', spaces),
    access,
    priority,
    direction,
  };
}

function effectiveGroup(cloud: Cloud, group: Resource, association: JsonObject, spaces: string[]): JsonObject {
  const own = cloud
    .descendants(group.id, ruleType)
    .toSorted((a, b) => Number(a.properties['priority']) - Number(b.properties['priority']))
    .map(({ name, properties }) => effectiveRule(`securityRules/${name}`, properties, spaces));
  const defaults = defaultRulesOf(cloud, group).map(({ name, properties }) =>
    effectiveRule(`defaultSecurityRules/${textOf(name)}`, asObject(properties), spaces),
  );
  return {
    networkSecurityGroup: { id: group.id },
    association,
    effectiveSecurityRules: [...own, ...defaults],
    tagMap: {},
  };
}

/**
 * The security groups that filter an interface: that of its subnet and its own. As `az network nic list-effective-nsg` shows them
 * (Azure docs: diagnose a virtual machine network traffic filter problem).
 */
export function effectiveGroups(cloud: Cloud, nic: Resource, subnet: Resource, spaces: string[]): Json[] {
  const holders = [
    { holder: subnet, association: { subnet: { id: subnet.id } } },
    { holder: nic, association: { networkInterface: { id: nic.id } } },
  ];
  return holders.flatMap(({ holder, association }) => {
    const group = cloud.find(textOf(asObject(holder.properties['networkSecurityGroup'])['id']));
    return group ? [effectiveGroup(cloud, group, association, spaces)] : [];
  });
}
