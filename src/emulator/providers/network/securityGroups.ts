import { asList, asObject, asText, textOf } from '../../http/call.ts';
import { idOf, nameOf } from '../../arm/ids.ts';
import { ArmFault } from '../../arm/model.ts';
import type { Draft, JsonObject, PutRequest, Resource, ResourceType, World } from '../../arm/model.ts';
import { present } from '../../arm/toArm.ts';
import { defaultRulesOf, defaultSecurityRule, emptyLists } from './defaultSecurityRules.ts';
import { refuseWhileWritten, states, usersOf, without } from './networkRules.ts';

const type = 'Microsoft.Network/networkSecurityGroups';
const ruleType = `${type}/securityRules`;

const invalid = (message: string): ArmFault => new ArmFault(400, 'SecurityRuleInvalid', message);

/** Azure docs: network security groups overview. */
function checkRule(name: string, rule: JsonObject): void {
  const priority = Number(rule['priority']);
  if (!(priority >= 100 && priority <= 4096))
    throw new ArmFault(
      400,
      'SecurityRuleInvalidPriority',
      `Security rule has invalid Priority. Value provided: ${priority} Allowed range 100-4096.`,
    );
  if (!['Inbound', 'Outbound'].includes(textOf(rule['direction'])))
    throw invalid(`Security rule ${name} has no valid direction.`);
  if (!['Allow', 'Deny'].includes(textOf(rule['access']))) throw invalid(`Security rule ${name} has no valid access.`);
  const protocol = asText(rule['protocol']);
  if (protocol === undefined) throw invalid(`Security rule ${name} has no protocol.`);
  if (!protocols.some((known) => known.toLowerCase() === protocol.toLowerCase()))
    throw new ArmFault(
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
      throw new ArmFault(
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

/** What a client that sends back what it has read sends too, and what is worked out anew. */
const answered = ['securityRules', 'defaultSecurityRules', 'subnets', 'networkInterfaces'];

const rulesOf = (world: World, group: Resource): Resource[] => world.below(group.id, ruleType);

function prepare(world: World, { id, body, existing }: PutRequest): Draft {
  if (existing) refuseWhileWritten(world, existing, id);
  const rules = inlineRules(body);
  for (const { name, properties } of rules) checkRule(name, properties);
  checkPriorities(rules);
  return { properties: without(asObject(body['properties']), answered) };
}

/** A PUT of the group replaces its rules. */
function replaceRules(world: World, group: Resource, { body }: PutRequest): void {
  const wanted = inlineRules(body);
  for (const rule of rulesOf(world, group))
    if (!wanted.some(({ name }) => name.toLowerCase() === rule.name.toLowerCase())) world.remove(rule.id);
  for (const { name, properties } of wanted) {
    const id = `${group.id}/securityRules/${name}`;
    world.save({ id, type: ruleType, name, properties, createdAt: world.find(id)?.createdAt ?? world.now() });
  }
}

/** The subnets and interfaces that a security group filters. */
function filtered(world: World, group: Resource): JsonObject {
  const members = {
    subnets: usersOf(world, group.id, 'Microsoft.Network/virtualNetworks/subnets'),
    networkInterfaces: usersOf(world, group.id, 'Microsoft.Network/networkInterfaces'),
  };
  // Azure leaves out the member that would be empty.
  const filled = Object.entries(members).filter(([, users]) => users.length > 0);
  return Object.fromEntries(filled.map(([member, users]) => [member, users.map(({ id }) => ({ id }))]));
}

const securityGroup: ResourceType = {
  type,
  style: 'network',
  states,
  duration: { put: 'networkSecurityGroup.put', delete: 'networkSecurityGroup.put' },
  prepare,
  begun: replaceRules,
  present: (world, group) => ({
    properties: {
      ...group.properties,
      securityRules: rulesOf(world, group).map((child) => present(world, rule, child, {})),
      defaultSecurityRules: defaultRulesOf(world, group),
      ...filtered(world, group),
    },
  }),
  mayDelete: (world, group) => {
    refuseWhileWritten(world, group, group.id);
    const [user] = usersOf(
      world,
      group.id,
      'Microsoft.Network/virtualNetworks/subnets',
      'Microsoft.Network/networkInterfaces',
    );
    if (user)
      throw new ArmFault(
        400,
        'InUseNetworkSecurityGroupCannotBeDeleted',
        `Network security group ${group.id} cannot be deleted because it is in use by the following resources: ${user.id}. In order to delete the Network security group, remove the association with the resource(s).`,
      );
  },
};

const rule: ResourceType = {
  type: ruleType,
  style: 'network',
  states,
  proxy: true,
  duration: { put: 'networkSecurityGroup.put', delete: 'networkSecurityGroup.put' },
  prepare: (world, { id, parent, body }) => {
    if (parent) refuseWhileWritten(world, parent, id);
    const properties = asObject(body['properties']);
    checkRule(nameOf(id), properties);
    const others = parent ? rulesOf(world, parent).filter((other) => other.id.toLowerCase() !== id.toLowerCase()) : [];
    checkPriorities([...others, { name: nameOf(id), properties }]);
    return { properties };
  },
  present: (_world, child) => ({ properties: { ...emptyLists, ...child.properties } }),
  mayDelete: (world, child) => {
    const group = world.find(idOf(child.id.split('/providers/')[0] ?? '', type, [child.id.split('/').at(-3) ?? '']));
    if (group) refuseWhileWritten(world, group, child.id);
  },
};

export const types: ResourceType[] = [securityGroup, rule, defaultSecurityRule];
