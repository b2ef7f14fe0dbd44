import { answer } from './renderReply.ts';
import { canonicalId } from './canonicalId.ts';
import { refuseUnmatched } from './preconditions.ts';
import { asText } from '../http/call.ts';
import type { Call, Reply } from '../http/call.ts';
import { depthOf, groupType, parentIdOf } from './ids.ts';
import type { Target } from './ids.ts';
import { ArmFault } from './model.ts';
import type { JsonObject, Operation, PutRequest, Resource, ResourceType } from './model.ts';
import { parentOf, regionNear } from './parents.ts';
import {
  groupBeingDeleted,
  groupNotFound,
  notFound,
  refuseBusy,
  refuseLocked,
  refuseMalformed,
  requireGroup,
  unknown,
} from './armErrors.ts';
import { regionOf } from './regions.ts';
import { tagsOf } from './tags.ts';
import { accepted } from './lroReplies.ts';
import type { EmulatedWorld } from '../state/cloud.ts';
import { zonesOf } from './availabilityZones.ts';

/** PUT: creates or replaces one resource. */
export async function put(world: EmulatedWorld, call: Call, type: ResourceType, target: Target): Promise<Reply> {
  const isGroup = type.type === groupType;
  requireGroup(world, target.subscriptionId, target.group, true);
  const id = canonicalId(world, type, target);
  const existing = world.find(id);
  const running = existing && world.running(existing);
  if (isGroup && running) throw groupBeingDeleted(existing.name);
  refuseMalformed(type, target.names.at(-1) ?? '', call.body);
  refuseLocked(world, id, 'write');
  // The name of an endpoint that is being deleted is held, which its own rules say better.
  const held = type.style === 'machineLearning' && running?.kind === 'delete';
  if (existing && running && !held) refuseBusy(world, type, existing, running, 'put');
  refuseUnmatched(world, call, existing);
  const body = { ...call.body };
  if (!type.proxy) body['location'] = placeOf(type, body, existing);
  const request: PutRequest = {
    id,
    name: target.names.at(-1) ?? '',
    parent: parentOf(world, call, type, target, id),
    existing,
    body,
    apiVersion: call.query['api-version'] ?? '',
    query: call.query,
  };
  const draft = type.prepare(world, request);
  if (existing && running) refuseBusy(world, type, existing, running, 'put');
  const tags = type.proxy ? draft.tags : (draft.tags ?? tagsOf(body));
  const secrets = draft.secrets ?? existing?.secrets;
  const location = draft.location ?? asText(body['location']);
  const zones = zonesOf(type, id, body, existing);
  const caller = call.principal.appId;
  const resource: Resource = {
    id,
    type: type.type,
    name: request.name,
    createdAt: existing?.createdAt ?? world.now(),
    createdBy: existing?.createdBy ?? caller,
    changedBy: caller,
    ...draft,
    ...(zones ? { zones } : {}),
    ...(location !== undefined && !type.proxy ? { location } : {}),
    ...(tags ? { tags } : {}),
    ...(secrets ? { secrets } : {}),
  };
  // A storage account or vault that exists is changed at once.
  const durationKey = existing ? (type.duration.update ?? type.duration.put) : type.duration.put;
  const atOnce =
    type.style === 'sync' ||
    durationKey === undefined ||
    ((type.style === 'storage' || type.style === 'vault') && existing !== undefined);
  if (atOnce) return putAtOnce(world, call, type, resource, request);
  world.save(resource);
  const operation = world.begin({
    kind: existing ? 'update' : 'create',
    resourceId: id,
    location: location ?? regionNear(world, id),
    durationKey,
  });
  await world.hold(operation, () => type.begun?.(world, resource, request));
  // Its group may have gone meanwhile.
  if (world.find(id) === resource) world.save(resource);
  return accepted(world, call, type.style, 'put', operation, answer(world, call, type, resource));
}

async function putAtOnce(
  world: EmulatedWorld,
  call: Call,
  type: ResourceType,
  resource: Resource,
  request: PutRequest,
): Promise<Reply> {
  refuseByFault(world);
  world.save(resource);
  await type.begun?.(world, resource, request);
  type.created?.(world, resource);
  world.save(resource);
  world.record(request.existing ? 'update' : 'create', resource);
  return { status: request.existing ? 200 : 201, body: answer(world, call, type, resource) };
}

/** PATCH: tags, and what the type allows beyond. */
export function patch(world: EmulatedWorld, call: Call, type: ResourceType, target: Target): Reply {
  requireGroup(world, target.subscriptionId, target.group, true);
  const id = canonicalId(world, type, target);
  const resource = world.find(id);
  if (!resource) throw type.type === groupType ? groupNotFound(target.names[0] ?? '') : notFound(id);
  refuseLocked(world, resource.id, 'write');
  const running = world.running(resource);
  if (running) refuseBusy(world, type, resource, running, 'patch');
  refuseUnmatched(world, call, resource);
  refuseMalformed(type, resource.name, call.body);
  const others = Object.keys(call.body).filter((member) => member !== 'tags');
  if (type.patch) Object.assign(resource, type.patch(world, resource, call.body));
  else if (others.length > 0) throw unknown('PATCH', `of ${others.join(', ')} on ${type.type}`);
  else resource.tags = tagsOf(call.body) ?? resource.tags ?? {};
  resource.changedBy = call.principal.appId;
  const durationKey = type.patch && others.length > 0 && type.style !== 'sync' ? type.duration.patch : undefined;
  world.save(resource);
  if (durationKey === undefined) return { status: 200, body: answer(world, call, type, resource) };
  const operation = world.begin({
    kind: 'update',
    resourceId: resource.id,
    location: regionNear(world, resource.id),
    durationKey,
  });
  return accepted(world, call, type.style, 'patch', operation, answer(world, call, type, resource));
}

/**
 * DELETE: 204 when it is not there. What is no resource of its own (a subnet, a rule) is asked for at its parent: 404 when that is
 * not there either.
 */
export function remove(world: EmulatedWorld, call: Call, type: ResourceType, target: Target): Reply {
  const isGroup = type.type === groupType;
  requireGroup(world, target.subscriptionId, target.group, false);
  const id = canonicalId(world, type, target);
  const builtIn = world.find(id) ? undefined : type.lookUp?.(world, id);
  const resource = world.find(builtIn?.id ?? id);
  if (!resource && isGroup) throw groupNotFound(target.names[0] ?? '');
  if (!resource && builtIn) type.mayDelete?.(world, builtIn, call.query);
  if (!resource && builtIn)
    throw new ArmFault(405, 'MethodNotAllowed', `'${builtIn.id}' is built in and cannot be deleted.`);
  if (!resource) {
    const parentId = parentIdOf(id);
    if (type.proxy && depthOf(type.type) > 1 && !world.find(parentId)) throw notFound(parentId);
    type.purge?.(world, id, call.query);
    return { status: 204 };
  }
  const running = world.running(resource);
  if (running?.kind === 'delete') return accepted(world, call, type.style, 'delete', running, undefined);
  refuseLocked(world, resource.id, 'delete');
  refuseUnmatched(world, call, resource);
  if (running) makeWay(world, type, resource, running);
  type.mayDelete?.(world, resource, call.query);
  const durationKey = type.duration.delete;
  // Azure deletes vaults and storage accounts within the request.
  if (durationKey === undefined || type.style === 'sync' || type.style === 'vault' || type.style === 'storage') {
    refuseByFault(world);
    const body = type.extension ? { body: answer(world, call, type, resource) } : {};
    world.removeTree(resource, call.query);
    world.record('delete', resource);
    return { status: 200, ...body };
  }
  const location = resource.location ?? regionNear(world, resource.id);
  const operation = world.begin({ kind: 'delete', resourceId: resource.id, location, durationKey, query: call.query });
  return accepted(world, call, type.style, 'delete', operation, undefined);
}

/** A deletion of compute overtakes what runs; others wait for it. */
function makeWay(world: EmulatedWorld, type: ResourceType, resource: Resource, running: Operation): void {
  if (type.style !== 'compute') return refuseBusy(world, type, resource, running, 'delete');
  world.cancel(running, {
    code: 'OperationPreempted',
    message: 'The operation has been preempted by a more recent operation.',
  });
}

/** What has no operation fails in its answer when a fault wants the operation to fail. */
function refuseByFault(world: EmulatedWorld): void {
  const error = world.operationFault?.error;
  if (error) throw new ArmFault(500, error.code, error.message, error.details ? { details: error.details } : {});
}

/** Where it is put; a resource never moves. */
function placeOf(type: ResourceType, body: JsonObject, existing: Resource | undefined): string {
  const wanted = asText(body['location']);
  if (wanted === undefined || wanted === '')
    throw new ArmFault(400, 'LocationRequired', 'The location property is required for this definition.');
  const location = regionOf(wanted, type.type);
  if (existing?.location !== undefined && existing.location !== location)
    throw new ArmFault(
      409,
      'InvalidResourceLocation',
      `The resource '${existing.name}' already exists in location '${existing.location}'. A resource with the same name cannot be created in location '${location}'. Please select a new resource name.`,
    );
  return location;
}
