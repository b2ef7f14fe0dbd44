import { asObject, textOf } from '../../../http/call.ts';
import { sameId } from '../../../arm/ids.ts';
import { ArmError } from '../../../arm/model.ts';
import type { Cloud, JsonObject, Resource } from '../../../arm/model.ts';
import { membersOf } from '../../network/privateLinkGroups.ts';
import { isolationModeOf, rulesOf } from './networkState.ts';

type Workspace = Pick<Resource, 'id' | 'properties'>;

const refuse = (message: string): never => {
  throw new ArmError(400, 'ValidationError', message);
};

/** Checks a rule about a private endpoint: its target exists, offers the sub-resource, and has no other rule. */
function checkEndpoint(cloud: Cloud, workspace: Workspace, name: string, destination: JsonObject): void {
  const targetId = textOf(destination['serviceResourceId']);
  const subresource = textOf(destination['subresourceTarget']);
  const target = cloud.find(targetId) ?? refuse(`The target '${targetId}' of outbound rule '${name}' was not found.`);
  membersOf(target, subresource);
  const twin = rulesOf(cloud, workspace).find(({ name: other, properties }) => {
    const given = asObject(properties['destination']);
    return (
      other !== name &&
      sameId(textOf(given['serviceResourceId']), targetId) &&
      given['subresourceTarget'] === subresource
    );
  });
  if (twin) refuse(`Outbound rule '${twin.name}' has the same destination as '${name}'.`);
}

/** A name, with `*.` in front for all below it. Storage is reached by private endpoints and service tags only. */
function checkName(name: string, destination: string): void {
  if (!/^(\*\.)?([a-z0-9-]+\.)+[a-z]{2,}$/i.test(destination))
    refuse(`The destination '${destination}' of outbound rule '${name}' is not a fully qualified domain name.`);
  if (/\.core\.windows\.net$/i.test(destination))
    refuse(`Outbound rule '${name}': FQDN rules do not apply to Azure Storage; use a private endpoint.`);
}

function checkTag(name: string, { serviceTag, protocol, portRanges }: JsonObject): void {
  if (!/^[A-Za-z]+(\.[A-Za-z0-9]+)?$/.test(textOf(serviceTag)))
    refuse(`Outbound rule '${name}' needs destination.serviceTag.`);
  if (!/^(TCP|UDP|ICMP|\*)$/i.test(textOf(protocol)))
    refuse(`The protocol of outbound rule '${name}' must be TCP, UDP, ICMP or *.`);
  if (!/^(\*|\d+(-\d+)?(\s*,\s*\d+(-\d+)?)*)$/.test(textOf(portRanges)))
    refuse(`The port ranges of outbound rule '${name}' are not valid.`);
}

/** Checks a rule that a client adds. @throws ArmError 400 */
export function checkRule(cloud: Cloud, workspace: Workspace, name: string, rule: JsonObject): void {
  if (name.startsWith('__SYS_')) refuse(`Outbound rule '${name}' is required and cannot be changed.`);
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{2,32}$/.test(name)) refuse(`The name of outbound rule '${name}' is not valid.`);
  const type = textOf(rule['type']);
  if (type !== 'PrivateEndpoint' && isolationModeOf(workspace) !== 'AllowOnlyApprovedOutbound')
    refuse(`Outbound rule '${name}' of type ${type} needs the isolation mode AllowOnlyApprovedOutbound.`);
  if (type === 'PrivateEndpoint') checkEndpoint(cloud, workspace, name, asObject(rule['destination']));
  if (type === 'FQDN') checkName(name, textOf(rule['destination']));
  if (type === 'ServiceTag') checkTag(name, asObject(rule['destination']));
}
