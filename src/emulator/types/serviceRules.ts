import { randomBytes, randomUUID } from 'node:crypto';
import { sameId } from '../ids.ts';
import { ArmFault } from '../model.ts';
import type { Draft, Json, JsonObject, PutRequest, Resource, World } from '../model.ts';
import { guidOf } from '../signIn.ts';

/** The directory that every emulated identity belongs to. */
export const tenantId = guidOf('moat emulator tenant');

/** The member as an object, or an empty one where it is absent or something else. */
export function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** The member as a list, or an empty one. */
export function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

/** The member as a text, if it is a non-empty one. */
export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The member as a word for an id or a message, whatever it is. */
export function wordOf(value: Json | undefined): string {
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

/** A region as ARM spells it in answers: `West US 2` is `westus2`. */
export function region(location: string): string {
  return location.replaceAll(' ', '').toLowerCase();
}

/** An account key as Azure makes them: random, base64. */
export function newKey(bytes = 64): string {
  return randomBytes(bytes).toString('base64');
}

/** The upper bound of a quota; a test may set it as world object `quota:{key}`. Keys: `compute:{family}:{location}`, `ml:{family}:{location}`. */
export function quotaLimit(world: World, key: string, fallback: number): number {
  const told = world.objects.get(`quota:${key}`);
  return typeof told === 'number' ? told : fallback;
}

/** Another resource of this type that has the name anywhere in Azure (globally unique names), if any. */
export function holderOfName(world: World, type: string, name: string, exceptId = ''): Resource | undefined {
  return world
    .ofType(type)
    .find((resource) => resource.name.toLowerCase() === name.toLowerCase() && !sameId(resource.id, exceptId));
}

/** The members that every tracked resource has. */
export function trackedMembers({ body, existing }: PutRequest): TrackedMembers {
  const kind = textOf(body['kind']) ?? existing?.kind;
  const sku = body['sku'] === undefined ? existing?.sku : objectOf(body['sku']);
  return {
    location: region(textOf(body['location']) ?? existing?.location ?? ''),
    tags: tagsOf(body, existing),
    ...(sku ? { sku } : {}),
    ...(kind ? { kind } : {}),
  };
}

type TrackedMembers = Pick<Draft, 'tags' | 'sku' | 'kind'> & { location: string };

/** The tags of a request: those of the body, else those that are there. */
function tagsOf(body: JsonObject, existing: Resource | undefined): Record<string, string> {
  if (body['tags'] === undefined) return existing?.tags ?? {};
  return Object.fromEntries(Object.entries(objectOf(body['tags'])).map(([key, value]) => [key, wordOf(value)]));
}

/**
 * An identity as ARM answers it: a principal for the system-assigned one (kept once made), and those of the user-assigned ones.
 * @throws ArmFault 400 FailedIdentityOperation when a user-assigned identity does not exist
 */
export function completeIdentity(world: World, request: PutRequest): JsonObject | undefined {
  const asked =
    request.body['identity'] === undefined ? request.existing?.identity : objectOf(request.body['identity']);
  const kinds = textOf(asked?.['type']);
  if (asked === undefined || kinds === undefined || kinds === 'None') return undefined;
  const identity: JsonObject = { type: kinds };
  if (kinds.includes('SystemAssigned')) {
    identity['principalId'] = textOf(request.existing?.identity?.['principalId']) ?? randomUUID();
    identity['tenantId'] = tenantId;
  }
  if (kinds.includes('UserAssigned')) {
    identity['userAssignedIdentities'] = Object.fromEntries(
      Object.keys(objectOf(asked['userAssignedIdentities'])).map((id) => [id, principalOf(world, id, request.id)]),
    );
  }
  return identity;
}

function principalOf(world: World, identityId: string, usedBy: string): JsonObject {
  const found = world.find(identityId);
  if (found === undefined) {
    throw new ArmFault(
      400,
      'FailedIdentityOperation',
      `Identity operation for resource '${usedBy}' failed with error 'Failed to perform resource identity operation. The user assigned identity '${identityId}' was not found.'`,
    );
  }
  return { principalId: found.properties['principalId'] ?? null, clientId: found.properties['clientId'] ?? null };
}

/** A PATCH as the PUT it amounts to: members of `properties` one by one over those that are there. */
export function patchAsPut(resource: Resource, body: JsonObject, apiVersion = '9999-01-01'): PutRequest {
  const properties = { ...resource.properties, ...objectOf(body['properties']) };
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
