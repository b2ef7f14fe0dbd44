import { asList, asObject, asText, textOf } from '../../http/call.ts';
import { idOf, nameOf } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { Draft, JsonObject, PutRequest, Resource, ResourceType, Cloud } from '../../arm/model.ts';
import { toArm } from '../../arm/toArm.ts';
import { defaultRulesOf, defaultSecurityRule, emptyLists } from './defaultSecurityRules.ts';
import { requireNoWrite, networkStates, referrersOf, omitMembers } from './networkRules.ts';

const type = 'Microsoft.Network/networkSecurityGroups';
const ruleType = `${type}/securityRules`;

const invalid = (message: string): ArmError => new ArmError(400, 'SecurityRuleInvalid', message);

/** Azure docs: network security groups overview. */
function checkRule(name: string, rule: JsonObject): void {
  const priority = Number(rule['priority']);
  if (!(priority >= 100 && priority <= 4096))
    throw new ArmError(
      400,
      'SecurityRuleInvalidPriority',
      `Security rule has invalid Priority. Value provided: ${priority} Allowed range 100-4096.`,
    );
  const protocol = textOf(rule['protocol']);
  if (!protocols.some((known) => known.toLowerCase() === protocol.toLowerCase()))
    throw new ArmError(
      400,
      'SecurityRuleInvalidProtocol',
      `Security rule has invalid Protocol. Value provided: "${protocol}" Allowed values: ${protocols.join(',')}.`,
    );
  for (const [one, several] of sides) {
    if (asText(rule[one]) === undefined && asList(rule[several]).length === 0)
      throw invalid(`Security rule ${name} needs ${one} or ${several}.`);
  }
}

const protocols = ['Icmp', 'Tcp', 'Udp', 'Esp', 'Ah', '*'];

const sides = [
  ['sourceAddressPrefix', 'sourceAddressPrefixes'],
  ['sourcePortRange', 'sourcePortRanges'],
  ['destinationAddressPrefix', 'destinationAddressPrefixes'],
  ['destinationPortRange', 'destinationPortRanges'],
] as const;

function checkPriorities(rules: { name: string; properties: JsonObject }[]): void {
  const taken = new Map<string, string>();
  for (const { name, properties } of rules) {
    const key = `${textOf(properties['direction'])} ${Number(properties['priority'])}`;
    const other = taken.get(key);
    if (other !== undefined)
      throw new ArmError(
        400,
        'SecurityRuleConflict',
        `Security rule ${name} conflicts with rule ${other}. Rules cannot have the same Priority and Direction.`,
      );
    taken.set(key, name);
  }
}

const inlineRules = (body: JsonObject): { name: string; properties: JsonObject }[] =>
  asList(asObject(body['properties'])['securityRules']).map((entry) => {
    const { name, properties } = asObject(entry);
    return { name: textOf(name), properties: asObject(properties) };
  });

/** Read-only members, which a client may send back unchanged; they are computed for each reply. */
const answered = ['securityRules', 'defaultSecurityRules', 'subnets', 'networkInterfaces'];

const rulesOf = (cloud: Cloud, group: Resource): Resource[] => cloud.descendants(group.id, ruleType);

function prepare(cloud: Cloud, { id, body, existing }: PutRequest): Draft {
  if (existing) requireNoWrite(cloud, existing, id);
  const rules = inlineRules(body);
  for (const { name, properties } of rules) checkRule(name, properties);
  checkPriorities(rules);
  return { properties: omitMembers(asObject(body['properties']), answered) };
}

/** A PUT of the group replaces its rules. */
function replaceRules(cloud: Cloud, group: Resource, { body }: PutRequest): void {
  const wanted = inlineRules(body);
  for (const rule of rulesOf(cloud, group))
    if (!wanted.some(({ name }) => name.toLowerCase() === rule.name.toLowerCase())) cloud.remove(rule.id);
  for (const { name, properties } of wanted) {
    const id = `${group.id}/securityRules/${name}`;
    cloud.save({ id, type: ruleType, name, properties, createdAt: cloud.find(id)?.createdAt ?? cloud.now() });
  }
}

/** The subnets and interfaces that a security group filters. */
function filtered(cloud: Cloud, group: Resource): JsonObject {
  const members = {
    subnets: referrersOf(cloud, group.id, 'Microsoft.Network/virtualNetworks/subnets'),
    networkInterfaces: referrersOf(cloud, group.id, 'Microsoft.Network/networkInterfaces'),
  };
  // Azure leaves out the member that would be empty.
  const filled = Object.entries(members).filter(([, users]) => users.length > 0);
  return Object.fromEntries(filled.map(([member, users]) => [member, users.map(({ id }) => ({ id }))]));
}

const securityGroup: ResourceType = {
  type,
  style: 'network',
  states: networkStates,
  duration: { put: 'networkSecurityGroup.put', delete: 'networkSecurityGroup.put' },
  prepare,
  onAccepted: replaceRules,
  toArm: (cloud, group) => ({
    properties: {
      ...group.properties,
      securityRules: rulesOf(cloud, group).map((child) => toArm(cloud, rule, child, {})),
      defaultSecurityRules: defaultRulesOf(cloud, group),
      ...filtered(cloud, group),
    },
  }),
  validateDelete: (cloud, group) => {
    requireNoWrite(cloud, group, group.id);
    const [user] = referrersOf(
      cloud,
      group.id,
      'Microsoft.Network/virtualNetworks/subnets',
      'Microsoft.Network/networkInterfaces',
    );
    if (user)
      throw new ArmError(
        400,
        'InUseNetworkSecurityGroupCannotBeDeleted',
        `Network security group ${group.id} cannot be deleted because it is in use by the following resources: ${user.id}. In order to delete the Network security group, remove the association with the resource(s).`,
      );
  },
};

const rule: ResourceType = {
  type: ruleType,
  style: 'network',
  states: networkStates,
  proxy: true,
  duration: { put: 'networkSecurityGroup.put', delete: 'networkSecurityGroup.put' },
  prepare: (cloud, { id, parent, body }) => {
    if (parent) requireNoWrite(cloud, parent, id);
    const properties = asObject(body['properties']);
    checkRule(nameOf(id), properties);
    const others = parent ? rulesOf(cloud, parent).filter((other) => other.id.toLowerCase() !== id.toLowerCase()) : [];
    checkPriorities([...others, { name: nameOf(id), properties }]);
    return { properties };
  },
  toArm: (_cloud, child) => ({ properties: { ...emptyLists, ...child.properties } }),
  validateDelete: (cloud, child) => {
    const group = cloud.find(idOf(child.id.split('/providers/')[0] ?? '', type, [child.id.split('/').at(-3) ?? '']));
    if (group) requireNoWrite(cloud, group, child.id);
  },
};

export const types: ResourceType[] = [securityGroup, rule, defaultSecurityRule];
