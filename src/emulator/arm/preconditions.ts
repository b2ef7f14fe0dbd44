import type { Call, Reply } from '../http/call.ts';
import { nameOf, parentIdOf } from './ids.ts';
import { acceptedReply } from './lroReplies.ts';
import { ArmError } from './model.ts';
import type { Resource, ResourceType } from './model.ts';
import { inheritedLocation } from './parents.ts';
import { etagOf } from './toArm.ts';
import type { EmulatedCloud } from '../state/cloud.ts';

type Verb = 'put' | 'patch' | 'delete';

/**
 * Throws 412 where `If-Match` or `If-None-Match: *` does not match the resource. Private DNS zones and links accept the request all
 * the same; the reply is returned, and its operation fails with `PreconditionFailed` (recorded tests of Azure/azure-cli and
 * Azure/azure-powershell, private DNS).
 */
export function checkPreconditions(
  cloud: EmulatedCloud,
  call: Call,
  type: ResourceType,
  id: string,
  existing: Resource | undefined,
  verb: Verb,
): Reply | undefined {
  const [match, none] = [call.headers['if-match'], call.headers['if-none-match']];
  const fits =
    match === undefined ||
    (existing !== undefined && (match === '*' || unquoted(match) === unquoted(etagOf(cloud, existing))));
  const taken = none === '*' && existing !== undefined;
  if (fits && !taken) return undefined;
  if (!type.type.startsWith('Microsoft.Network/privateDnsZones'))
    throw new ArmError(412, 'PreconditionFailed', 'The condition of the If-Match or If-None-Match header is not met.');
  const fault = taken ? 'exists already and hence cannot be created again.' : 'has been modified (etag mismatch).';
  const message = `The ${labelOf(type, id)} ${fault}`;
  if (type.style !== 'dns') throw new ArmError(412, 'PreconditionFailed', message, { bare: true });
  const operation = cloud.startOperation({
    kind: 'action',
    resourceId: id,
    location: inheritedLocation(cloud, id),
    durationKey: type.duration[verb] ?? type.duration.put ?? '',
    error: { code: 'PreconditionFailed', message },
  });
  return acceptedReply(cloud, call, type.style, verb, operation, { status: 202 });
}

/** A client may send the tag of a zone or record set with quotes, as HTTP says, and without. */
const unquoted = (etag: string): string => etag.replaceAll('"', '');

function labelOf({ type }: ResourceType, id: string): string {
  if (type.endsWith('/virtualNetworkLinks'))
    return `Virtual Network link '${nameOf(id)}' for the Private DNS zone '${nameOf(parentIdOf(id))}'`;
  return `${type.endsWith('/privateDnsZones') ? 'Zone' : 'Record set'} ${nameOf(id)}`;
}
