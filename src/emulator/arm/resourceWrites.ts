import { renderReply } from './renderReply.ts';
import { canonicalId } from './canonicalId.ts';
import { checkPreconditions } from './preconditions.ts';
import { asText } from '../http/call.ts';
import type { Call, Reply } from '../http/call.ts';
import { depthOf, groupType, parentIdOf } from './ids.ts';
import type { Target } from './ids.ts';
import { ArmError } from './model.ts';
import type { JsonObject, LroStyle, Operation, PutRequest, Resource, ResourceType } from './model.ts';
import { parentOf, inheritedLocation } from './parents.ts';
import {
  groupBeingDeleted,
  groupNotFound,
  resourceNotFound,
  throwBusy,
  requireFreeWord,
  requireUnlocked,
  requireValidName,
  requireGroup,
  notEmulated,
} from './armErrors.ts';
import { groupDeletionMs } from './groupDeletion.ts';
import { regionOf } from './regions.ts';
import { readBody } from '../schema/requestBody.ts';
import { tagsOf } from './tags.ts';
import { acceptedReply } from './lroReplies.ts';
import { statusesOf } from './successStatuses.ts';
import type { EmulatedCloud } from '../state/cloud.ts';
import { policedPatch, policedPut } from '../policy/policyDenial.ts';
import { requireOffered } from '../providers/resources/providerRegistrations.ts';
import { zonesOf } from './availabilityZones.ts';

/** The styles whose resources, once they exist, are changed and deleted within the request. */
const changedAtOnce: ReadonlySet<LroStyle> = new Set(['sync', 'storage', 'vault', 'logAnalytics']);

/** PUT: creates or replaces one resource. */
export async function putResource(
  cloud: EmulatedCloud,
  call: Call,
  type: ResourceType,
  target: Target,
): Promise<Reply> {
  const isGroup = type.type === groupType;
  requireGroup(cloud, target.subscriptionId, target.group, true);
  const id = canonicalId(cloud, type, target);
  const existing = cloud.find(id);
  const running = existing && cloud.running(existing);
  if (isGroup && running) throw groupBeingDeleted(existing.name);
  requireValidName(type, target.names.at(-1) ?? '');
  const read = readBody(type.type, 'PUT', call.body);
  requireFreeWord(type, target.names.at(-1) ?? '');
  requireUnlocked(cloud, id, 'write');
  // The name of an endpoint that is being deleted is held, which its own rules report more precisely.
  const held = type.style === 'machineLearning' && running?.kind === 'delete';
  if (existing && running && !held) throwBusy(cloud, type, existing, running, 'put');
  const unmet = checkPreconditions(cloud, call, type, id, existing, 'put');
  if (unmet) return unmet;
  const name = target.names.at(-1) ?? '';
  const body = { ...policedPut(cloud, { id, type: type.type, name, body: read }) };
  if (!type.proxy) body['location'] = locationOf(type, body, existing);
  requireOffered(cloud, type.type, call.query['api-version'] ?? '', asText(body['location']));
  const request: PutRequest = {
    id,
    name,
    parent: parentOf(cloud, call, type, target, id),
    existing,
    body,
    apiVersion: call.query['api-version'] ?? '',
    query: call.query,
  };
  const draft = type.prepare(cloud, request);
  if (existing && running) throwBusy(cloud, type, existing, running, 'put');
  const tags = type.proxy ? draft.tags : (draft.tags ?? tagsOf(body));
  const secrets = draft.secrets ?? existing?.secrets;
  const location = draft.location ?? asText(body['location']);
  const zones = zonesOf(type, id, body, existing);
  const caller = call.principal.appId;
  const resource: Resource = {
    id,
    type: type.type,
    name: request.name,
    createdAt: existing?.createdAt ?? cloud.now(),
    createdBy: existing?.createdBy ?? caller,
    changedBy: caller,
    ...draft,
    ...(zones ? { zones } : {}),
    ...(location !== undefined && !type.proxy ? { location } : {}),
    ...(tags ? { tags } : {}),
    ...(secrets ? { secrets } : {}),
  };
  const durationKey = existing ? (type.duration.update ?? type.duration.put) : type.duration.put;
  const atOnce = existing ? changedAtOnce.has(type.style) : type.style === 'sync';
  if (atOnce || durationKey === undefined) return putAtOnce(cloud, call, type, resource, request);
  cloud.save(resource);
  const operation = cloud.startOperation({
    kind: existing ? 'update' : 'create',
    resourceId: id,
    location: location ?? inheritedLocation(cloud, id),
    durationKey,
  });
  operation.correlationId = call.correlationId;
  await cloud.hold(operation, () => type.onAccepted?.(cloud, resource, request));
  // Its group may have been deleted while this was awaited.
  if (cloud.find(id) === resource) cloud.save(resource);
  const status = statusesOf(type)[existing ? 'update' : 'create'];
  const reply = { status, body: renderReply(cloud, call, type, resource) };
  return acceptedReply(cloud, call, type.style, 'put', operation, reply);
}

async function putAtOnce(
  cloud: EmulatedCloud,
  call: Call,
  type: ResourceType,
  resource: Resource,
  request: PutRequest,
): Promise<Reply> {
  throwScriptedError(cloud);
  cloud.save(resource);
  await type.onAccepted?.(cloud, resource, request);
  type.onCreated?.(cloud, resource);
  cloud.save(resource);
  cloud.record(request.existing ? 'update' : 'create', resource);
  const status = statusesOf(type)[request.existing ? 'update' : 'create'];
  return answered(cloud, call, type, resource, status);
}

/** The resource, and its entity tag as a header if it has one. */
function answered(cloud: EmulatedCloud, call: Call, type: ResourceType, resource: Resource, status: number): Reply {
  const body = renderReply(cloud, call, type, resource);
  const etag = asText(body['etag']);
  return { status, ...(etag === undefined ? {} : { headers: { etag } }), body };
}

/** PATCH: tags, and what the type allows beyond. */
export function patchResource(cloud: EmulatedCloud, call: Call, type: ResourceType, target: Target): Reply {
  requireGroup(cloud, target.subscriptionId, target.group, true);
  const id = canonicalId(cloud, type, target);
  const resource = cloud.find(id);
  if (!resource) throw type.type === groupType ? groupNotFound(target.names[0] ?? '') : resourceNotFound(id);
  requireUnlocked(cloud, resource.id, 'write');
  const running = cloud.running(resource);
  if (running) throwBusy(cloud, type, resource, running, 'patch');
  const unmet = checkPreconditions(cloud, call, type, id, resource, 'patch');
  if (unmet) return unmet;
  const body = policedPatch(cloud, resource, readBody(type.type, 'PATCH', call.body));
  const others = Object.keys(body).filter((member) => member !== 'tags');
  if (type.patch) Object.assign(resource, type.patch(cloud, resource, body));
  else if (others.length > 0) throw notEmulated('PATCH', `of ${others.join(', ')} on ${type.type}`);
  else {
    const tags = tagsOf(body);
    if (tags) resource.tags = tags;
  }
  resource.changedBy = call.principal.appId;
  // Of most types, changed tags are stored at once.
  const operates = others.length > 0 || statusesOf(type).patch === 202;
  const durationKey = operates && type.style !== 'sync' ? type.duration.patch : undefined;
  cloud.save(resource);
  if (durationKey === undefined) return answered(cloud, call, type, resource, 200);
  const operation = cloud.startOperation({
    kind: 'update',
    resourceId: resource.id,
    location: inheritedLocation(cloud, resource.id),
    durationKey,
  });
  const reply = { status: statusesOf(type).patch, body: renderReply(cloud, call, type, resource) };
  return acceptedReply(cloud, call, type.style, 'patch', operation, reply);
}

/**
 * DELETE: 204 when the resource does not exist; 404 for a child (a subnet, a rule) whose parent does not exist
 * either.
 */
export function deleteResource(cloud: EmulatedCloud, call: Call, type: ResourceType, target: Target): Reply {
  const isGroup = type.type === groupType;
  requireGroup(cloud, target.subscriptionId, target.group, false);
  const id = canonicalId(cloud, type, target);
  const builtIn = cloud.find(id) ? undefined : type.findBuiltIn?.(cloud, id);
  const resource = cloud.find(builtIn?.id ?? id);
  if (!resource && isGroup) throw groupNotFound(target.names[0] ?? '');
  if (!resource && builtIn) type.validateDelete?.(cloud, builtIn, call.query);
  if (!resource && builtIn)
    throw new ArmError(405, 'MethodNotAllowed', `'${builtIn.id}' is built in and cannot be deleted.`);
  if (!resource) {
    const parentId = parentIdOf(id);
    if (type.proxy && depthOf(type.type) > 1 && !cloud.find(parentId)) throw resourceNotFound(parentId);
    const purge = type.purge?.(cloud, id, call.query);
    return purge ? acceptedReply(cloud, call, type.style, 'delete', purge, { status: 202 }) : { status: 204 };
  }
  const running = cloud.running(resource);
  if (running?.kind === 'delete') return acceptedReply(cloud, call, type.style, 'delete', running, { status: 202 });
  requireUnlocked(cloud, resource.id, 'delete');
  const unmet = checkPreconditions(cloud, call, type, resource.id, resource, 'delete');
  if (unmet) return unmet;
  if (running) preempt(cloud, type, resource, running);
  type.validateDelete?.(cloud, resource, call.query);
  const durationKey = type.duration.delete;
  if (durationKey === undefined || changedAtOnce.has(type.style)) {
    throwScriptedError(cloud);
    const body = type.extension ? { body: renderReply(cloud, call, type, resource) } : {};
    cloud.removeTree(resource, call.query);
    cloud.record('delete', resource);
    const { delete: status } = statusesOf(type);
    return { status: status === 202 ? 200 : status, ...body };
  }
  const location = resource.location ?? inheritedLocation(cloud, resource.id);
  const operation = cloud.startOperation({
    kind: 'delete',
    resourceId: resource.id,
    location,
    durationKey,
    ...(isGroup ? { durationMs: groupDeletionMs(cloud, resource) } : {}),
    query: call.query,
  });
  return acceptedReply(cloud, call, type.style, 'delete', operation, { status: statusesOf(type).delete });
}

/** A deletion of a compute resource preempts the running operation; other types refuse it. */
function preempt(cloud: EmulatedCloud, type: ResourceType, resource: Resource, running: Operation): void {
  if (type.style !== 'compute') return throwBusy(cloud, type, resource, running, 'delete');
  cloud.cancel(running, {
    code: 'OperationPreempted',
    message: 'The operation has been preempted by a more recent operation.',
  });
}

/** A request without an operation fails in its reply when a fault fails the operation. */
function throwScriptedError(cloud: EmulatedCloud): void {
  const error = cloud.operationFault?.error;
  if (error) throw new ArmError(500, error.code, error.message ?? '', error);
}

/** The location of a PUT; a resource never moves. */
function locationOf(type: ResourceType, body: JsonObject, existing: Resource | undefined): string {
  const wanted = asText(body['location']);
  if (wanted === undefined || wanted === '')
    throw new ArmError(400, 'LocationRequired', 'The location property is required for this definition.');
  const location = regionOf(wanted, type.type);
  if (existing?.location !== undefined && existing.location !== location)
    throw new ArmError(
      409,
      'InvalidResourceLocation',
      `The resource '${existing.name}' already exists in location '${existing.location}'. A resource with the same name cannot be created in location '${location}'. Please select a new resource name.`,
    );
  return location;
}
