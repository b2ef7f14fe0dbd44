import { randomBytes, randomUUID } from 'node:crypto';
import { asObject } from '../http/call.ts';
import { sameId } from '../arm/ids.ts';
import { ArmError } from '../arm/model.ts';
import type { Draft, Json, JsonObject, PutRequest, Resource, Cloud } from '../arm/model.ts';
import { tagsOf } from '../arm/tags.ts';

/** The tenant of the subscriptions, of every identity and of every token; the documents name it. */
export const tenantId = '11111111-1111-4111-8111-111111111111';

/** The member as a text, if it is a non-empty one. */
export function nonEmptyText(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The member as text for an id or a message, whatever its type. */
export function printable(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

export function subscriptionOf(id: string): string {
  return id.split('/')[2] ?? '';
}

/** Does the resource lie in this subscription? */
export function sameSubscription(id: string, subscriptionId: string): boolean {
  return sameId(subscriptionOf(id), subscriptionId);
}

export function groupOf(id: string): string {
  return id.split('/')[4] ?? '';
}

/** The id of the resource `levels` above, e.g. with 2 the workspace of a deployment. */
export function ancestorId(id: string, levels: number): string {
  return id
    .split('/')
    .slice(0, -2 * levels)
    .join('/');
}

/** An account key in Azure's format: random, base64. */
export function newKey(bytes = 64): string {
  return randomBytes(bytes).toString('base64');
}

/** The upper bound of a quota; a test may set it as cloud object `quota:{key}`. Keys: `compute:{family}:{location}`, `ml:{family}:{location}`. */
export function quotaLimit(cloud: Cloud, key: string, fallback: number): number {
  const override = cloud.objects.get(`quota:${key}`);
  return typeof override === 'number' ? override : fallback;
}

/** Another resource of this type that has the name anywhere in Azure (globally unique names), if any. */
export function findByName(cloud: Cloud, type: string, name: string, exceptId = ''): Resource | undefined {
  return cloud
    .ofType(type)
    .find((resource) => resource.name.toLowerCase() === name.toLowerCase() && !sameId(resource.id, exceptId));
}

/** The members that every tracked resource has. */
export function trackedMembers({ body, existing }: PutRequest): TrackedMembers {
  const kind = nonEmptyText(body['kind']) ?? existing?.kind;
  const sku = body['sku'] === undefined ? existing?.sku : asObject(body['sku']);
  const tags = tagsOf(body) ?? existing?.tags;
  return {
    location: nonEmptyText(body['location']) ?? existing?.location ?? '',
    ...(tags ? { tags } : {}),
    ...(sku ? { sku } : {}),
    ...(kind ? { kind } : {}),
  };
}

type TrackedMembers = Pick<Draft, 'tags' | 'sku' | 'kind'> & { location: string };

/**
 * An identity as ARM returns it: a principal for the system-assigned one (kept once created), and those of the user-assigned ones.
 * @throws ArmError 400 FailedIdentityOperation when a user-assigned identity does not exist
 */
export function completeIdentity(cloud: Cloud, request: PutRequest): JsonObject | undefined {
  const asked =
    request.body['identity'] === undefined ? request.existing?.identity : asObject(request.body['identity']);
  const kinds = nonEmptyText(asked?.['type']);
  if (asked === undefined || kinds === undefined || kinds === 'None') return undefined;
  const identity: JsonObject = { type: kinds };
  if (kinds.includes('SystemAssigned')) {
    identity['principalId'] = nonEmptyText(request.existing?.identity?.['principalId']) ?? randomUUID();
    identity['tenantId'] = tenantId;
  }
  if (kinds.includes('UserAssigned')) {
    identity['userAssignedIdentities'] = Object.fromEntries(
      Object.keys(asObject(asked['userAssignedIdentities'])).map((id) => [id, principalOf(cloud, id, request.id)]),
    );
  }
  return identity;
}

function principalOf(cloud: Cloud, identityId: string, usedBy: string): JsonObject {
  const found = cloud.find(identityId);
  if (found === undefined) {
    throw new ArmError(
      400,
      'FailedIdentityOperation',
      `Identity operation for resource '${usedBy}' failed with error 'Failed to perform resource identity operation. The user assigned identity '${identityId}' was not found.'`,
    );
  }
  return { principalId: found.properties['principalId'] ?? null, clientId: found.properties['clientId'] ?? null };
}

/** A PATCH as the PUT it amounts to: members of `properties` one by one over those that are there. */
export function patchAsPut(resource: Resource, body: JsonObject, apiVersion = '9999-01-01'): PutRequest {
  const properties = { ...resource.properties, ...asObject(body['properties']) };
  return {
    id: resource.id,
    name: resource.name,
    parent: undefined,
    existing: resource,
    body: { ...body, properties },
    apiVersion,
    query: {},
  };
}
