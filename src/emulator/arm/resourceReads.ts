import { renderReply } from './renderReply.ts';
import { canonicalId } from './canonicalId.ts';
import { asText } from '../http/call.ts';
import type { Call, Reply } from '../http/call.ts';
import { depthOf, groupType, idOf, parentIdOf } from './ids.ts';
import type { Target } from './ids.ts';
import { ArmError } from './model.ts';
import type { JsonObject, ResourceType } from './model.ts';
import { toArmListItem } from './toArm.ts';
import { resourceFilter } from './resourceFilter.ts';
import { groupNotFound, resourceNotFound, requireGroup } from './armErrors.ts';
import { pendingHeaders } from './lroReplies.ts';
import type { EmulatedCloud } from '../state/cloud.ts';

/** GET and HEAD of one resource. */
export function getResource(cloud: EmulatedCloud, call: Call, type: ResourceType, target: Target): Reply {
  requireGroup(cloud, target.subscriptionId, target.group, false);
  const id = canonicalId(cloud, type, target);
  const resource = cloud.find(id) ?? type.findBuiltIn?.(cloud, id);
  if (!resource && type.type === groupType) throw groupNotFound(target.names[0] ?? '');
  if (!resource) throw type.notFound?.(id) ?? resourceNotFound(id);
  if (call.method === 'HEAD') return { status: 204 };
  const body = renderReply(cloud, call, type, resource);
  const etag = asText(body['etag']);
  const headers = { ...pendingHeaders(cloud, resource), ...(etag === undefined ? {} : { etag }) };
  return { status: 200, headers, body };
}

/** GET of a collection. */
export function listCollection(cloud: EmulatedCloud, call: Call, type: ResourceType, target: Target): Reply {
  requireGroup(cloud, target.subscriptionId, target.group, false);
  const nested = depthOf(type.type) > 1;
  const scope = nested ? parentIdOf(idOf(target.scope, type.type, [...target.names, '-'])) : target.scope;
  if (nested && !cloud.find(scope)) throw resourceNotFound(scope);
  const items = type.list?.(cloud, scope, call.query) ?? stored(cloud, call, type, scope);
  return page(call, items);
}

function stored(cloud: EmulatedCloud, call: Call, type: ResourceType, scope: string): JsonObject[] {
  const found = cloud.descendants(scope, type.type);
  const wanted = type.type === groupType ? found.filter(resourceFilter(call.query['$filter'])) : found;
  return wanted.map((resource) => renderReply(cloud, call, type, resource));
}

/** `GET {group or subscription}/resources`: all tracked resources. */
export function listResources(cloud: EmulatedCloud, call: Call, scope: string): Reply {
  const tracked = cloud.descendants(scope).filter(({ type }) => type !== groupType && !cloud.type(type)?.proxy);
  const items = tracked
    .filter(resourceFilter(call.query['$filter']))
    .map((resource) => toArmListItem(cloud, resource, call.query['$expand'] ?? ''));
  return page(call, items);
}

/** `$top` items and a `nextLink` to the others. */
function page(call: Call, items: JsonObject[]): Reply {
  const top = Number(call.query['$top'] ?? 1000);
  if (!Number.isInteger(top) || top < 1)
    throw new ArmError(400, 'InvalidQueryStringParameter', `The query string parameter '$top' is invalid.`);
  const skip = Number(Buffer.from(call.query['$skiptoken'] ?? '', 'base64url').toString() || 0);
  const value = items.slice(skip, skip + top);
  if (items.length <= skip + top) return { status: 200, body: { value } };
  const token = Buffer.from(String(skip + top)).toString('base64url');
  const query = new URLSearchParams({ ...call.query, $skiptoken: token });
  return { status: 200, body: { value, nextLink: `${call.origin}${encodeURI(call.path)}?${query.toString()}` } };
}
