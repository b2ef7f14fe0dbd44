import type { JsonObject, Resource, Cloud } from '../arm/model.ts';
import { isInBlock } from './ipAddresses.ts';
import { listAt, textAt } from './jsonPath.ts';

/** The destination of a packet, as the rules of a network security group evaluate it. */
export interface Destination {
  address: string;
  port: number;
  /** inside the virtual network */
  inside: boolean;
  /** service tags of the address, without `Internet` and `VirtualNetwork` */
  tags: string[];
  /** default: tcp */
  protocol?: 'tcp' | 'udp' | 'icmp';
}

interface Rule {
  priority: number;
  allow: boolean;
  protocols: string[];
  sources: string[];
  destinations: string[];
  ports: string[];
}

const anything = { protocols: ['*'], ports: ['*'] };

/** The rules that every network security group has behind its own ones (Azure docs: network security groups overview). */
const defaultRules: Rule[] = [
  { ...anything, priority: 65000, allow: true, sources: ['VirtualNetwork'], destinations: ['VirtualNetwork'] },
  { ...anything, priority: 65001, allow: true, sources: ['*'], destinations: ['Internet'] },
  { ...anything, priority: 65500, allow: false, sources: ['*'], destinations: ['*'] },
];

function both(rule: JsonObject, one: string): string[] {
  const single = textAt(rule, one);
  const several = listAt(rule, `${one}${one.endsWith('Prefix') ? 'es' : 's'}`).map(String);
  return single === '' ? several : [single, ...several];
}

function ruleOf(properties: JsonObject): Rule {
  return {
    priority: Number(properties['priority']),
    allow: textAt(properties, 'access').toLowerCase() === 'allow',
    protocols: [textAt(properties, 'protocol')],
    sources: both(properties, 'sourceAddressPrefix'),
    destinations: both(properties, 'destinationAddressPrefix'),
    ports: both(properties, 'destinationPortRange'),
  };
}

/** A group's own outbound rules; one that is still being created is not in force. */
function outboundRules(cloud: Cloud, group: Resource): Rule[] {
  return cloud
    .descendants(group.id, 'Microsoft.Network/networkSecurityGroups/securityRules')
    .filter((rule) => rule.operation?.kind !== 'create' || cloud.provisioningState(rule) === 'Succeeded')
    .filter(({ properties }) => textAt(properties, 'direction').toLowerCase() === 'outbound')
    .map(({ properties }) => ruleOf(properties));
}

function holds(prefix: string, address: string, inside: boolean, tags: string[]): boolean {
  const tag = prefix.toLowerCase();
  if (tag === '*' || tag === '0.0.0.0/0') return true;
  if (tag === 'virtualnetwork') return inside;
  if (tag === 'internet') return !inside;
  if (/^\d/.test(tag)) return isInBlock(address, tag);
  return tags.some((known) => known.toLowerCase() === tag);
}

function holdsPort(range: string, port: number): boolean {
  if (range === '*') return true;
  const [from = '', to = from] = range.split('-');
  return port >= Number(from) && port <= Number(to);
}

/** Whether a network security group allows a packet out from an address of the virtual network; the lowest priority decides. */
export function isOutboundAllowed(cloud: Cloud, group: Resource, source: string, to: Destination): boolean {
  const rules = [...outboundRules(cloud, group), ...defaultRules].toSorted((a, b) => a.priority - b.priority);
  const deciding = rules.find(
    (rule) =>
      rule.protocols.some((protocol) => ['*', to.protocol ?? 'tcp'].includes(protocol.toLowerCase())) &&
      rule.sources.some((prefix) => holds(prefix, source, true, [])) &&
      rule.destinations.some((prefix) => holds(prefix, to.address, to.inside, to.tags)) &&
      rule.ports.some((range) => holdsPort(range, to.port)),
  );
  return deciding?.allow ?? false;
}
