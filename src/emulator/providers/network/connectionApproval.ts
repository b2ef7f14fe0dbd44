import { ArmError } from '../../arm/model.ts';
import type { Cloud, JsonObject } from '../../arm/model.ts';
import { asList, textOf } from '../../http/call.ts';
import { callerPermissions } from '../authorization/roleAssignments.ts';
import type { Link } from './privateEndpointLinks.ts';

const matches = (pattern: string, action: string): boolean =>
  new RegExp(`^${pattern.replaceAll('.', String.raw`\.`).replaceAll('*', '.*')}$`, 'i').test(action);

const has = (permission: JsonObject, member: string, action: string): boolean =>
  asList(permission[member]).some((pattern) => matches(textOf(pattern), action));

/** A connection that is approved at once needs the right to approve it at its target (Azure docs: manage private endpoints). */
export function requireApproval(cloud: Cloud, endpointId: string, { targetId }: Link): void {
  const type = cloud.find(targetId)?.type ?? '';
  const action = `${type}/privateEndpointConnectionsApproval/action`;
  const permissions = callerPermissions(cloud, targetId);
  if (permissions.some((one) => has(one, 'actions', action) && !has(one, 'notActions', action))) return;
  throw new ArmError(
    403,
    'LinkedAuthorizationFailed',
    `The client has permission to perform action 'Microsoft.Network/privateEndpoints/write' on scope '${endpointId}'; however, it does not have permission to perform action(s) '${action}' on the linked scope(s) '${targetId}' (respectively) or the linked scope(s) are invalid.`,
  );
}
