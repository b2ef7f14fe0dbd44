import { asObject, textOf } from '../../../http/call.ts';
import { sameId } from '../../../arm/ids.ts';
import type { Cloud, Resource } from '../../../arm/model.ts';
import { findHost } from '../../../dataPlane/hosts.ts';
import type { Host } from '../../../dataPlane/hosts.ts';
import { isPublicAccessDisabled, isRefusedByRules } from '../../../dataPlane/publicAccess.ts';
import { isActive, isolationModeOf, rulesOf } from './networkState.ts';

const hasPort443 = (ranges: string): boolean =>
  ranges === '*' ||
  ranges.split(',').some((range) => {
    const [from = '', to = from] = range.trim().split('-');
    return Number(from) <= 443 && 443 <= Number(to);
  });

/** The regional tag of a service that has no regions of its own (the registry of Microsoft) holds the same hosts as the tag itself. */
function holds(tag: string, { tags }: Host): boolean {
  const [service = ''] = tag.split('.');
  return tags.includes(tag) || (tags.includes(service) && !tags.some((one) => one.startsWith(`${service}.`)));
}

/** Whether a resource refuses everybody from the public network that is not named one by one. */
const isClosed = ({ properties }: Resource): boolean =>
  isPublicAccessDisabled(properties) ||
  isRefusedByRules(properties, 'networkAcls', '0.0.0.0') ||
  isRefusedByRules(properties, 'networkRuleSet', '0.0.0.0');

const allowsTag = ({ properties }: Resource, host: Host): boolean => {
  const { serviceTag, action, portRanges, protocol } = asObject(properties['destination']);
  return (
    properties['type'] === 'ServiceTag' &&
    action !== 'Deny' &&
    textOf(protocol).toUpperCase() !== 'UDP' &&
    hasPort443(textOf(portRanges)) &&
    holds(textOf(serviceTag), host)
  );
};

function allowsName({ properties }: Resource, hostName: string): boolean {
  const pattern = textOf(properties['destination']).toLowerCase();
  if (properties['type'] !== 'FQDN') return false;
  return pattern.startsWith('*.') ? hostName.endsWith(pattern.slice(1)) : hostName === pattern;
}

const leadsTo = ({ properties }: Resource, target: Resource, subresource: string): boolean => {
  const { serviceResourceId, subresourceTarget } = asObject(properties['destination']);
  return sameId(textOf(serviceResourceId), target.id) && subresourceTarget === subresource;
};

/**
 * Whether a deployment in the managed network of a workspace gets to a host: by a private endpoint, or by a rule that lets it out to a
 * service that is open to the public network.
 */
export function networkReaches(cloud: Cloud, workspace: Resource, hostName: string): boolean {
  const host = findHost(cloud, hostName);
  if (host === undefined) return false;
  const rules = rulesOf(cloud, workspace).filter((rule) => isActive(cloud, rule));
  const target = host.privateTarget;
  if (target && rules.some((rule) => leadsTo(rule, target, host.service))) return true;
  if (target && isClosed(target)) return false;
  if (isolationModeOf(workspace) === 'AllowInternetOutbound') return true;
  return rules.some((rule) => allowsTag(rule, host) || allowsName(rule, hostName.toLowerCase()));
}
