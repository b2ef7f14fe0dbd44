import { issueEndpointToken } from '../../dataPlane/endpointTokens.ts';
import { operationConflict } from '../../arm/armErrors.ts';
import { ArmError } from '../../arm/model.ts';
import type { ActionRequest, ActionReply, JsonObject, Resource, ResourceType, Cloud } from '../../arm/model.ts';
import { nonEmptyText, newKey, tenantId, printable } from '../resourceHelpers.ts';

function requireKeyAuth(endpoint: Resource): void {
  if (endpoint.properties['authMode'] === 'Key') return;
  const message = `Endpoint '${endpoint.name}' uses ${printable(endpoint.properties['authMode'])}; it has no keys.`;
  throw new ArmError(400, 'BadRequest', message);
}

/** @throws ArmError 409 while an operation changes the endpoint; its keys can still be read */
export function requireIdle(cloud: Cloud, endpoint: Resource): void {
  const running = cloud.running(endpoint);
  if (running) throw operationConflict(cloud, endpoint, running);
}

/** @throws ArmError 400 for an endpoint with tokens */
export function readKeys(_cloud: Cloud, endpoint: Resource): JsonObject {
  requireKeyAuth(endpoint);
  const { primaryKey, secondaryKey } = endpoint.secrets ?? {};
  return { primaryKey: primaryKey ?? null, secondaryKey: secondaryKey ?? null };
}

/** The new key is valid immediately; the operation only reports that. */
function regenerateKeys(cloud: Cloud, endpoint: Resource, { body }: ActionRequest): ActionReply {
  requireKeyAuth(endpoint);
  requireIdle(cloud, endpoint);
  const which = body['keyType'] === 'Secondary' ? 'secondaryKey' : 'primaryKey';
  endpoint.secrets = { ...endpoint.secrets, [which]: nonEmptyText(body['keyValue']) ?? newKey(24) };
  cloud.save(endpoint);
  const location = endpoint.location ?? '';
  const operation = cloud.startOperation({
    kind: 'action',
    resourceId: endpoint.id,
    location,
    durationKey: 'onlineEndpoint.traffic',
  });
  return { status: 202, operation };
}

/** A token for 12 hours, to be renewed after 6. */
export function readToken(cloud: Cloud, endpoint: Resource): JsonObject {
  const now = Math.floor(cloud.now() / 1000);
  return {
    accessToken: issueEndpointToken(endpoint, { tid: tenantId, exp: now + 43_200 }),
    tokenType: 'Bearer',
    expiryTimeUtc: now + 43_200,
    refreshAfterTimeUtc: now + 21_600,
  };
}

export const endpointActions: NonNullable<ResourceType['actions']> = {
  listkeys: (cloud, endpoint) => ({ status: 200, body: readKeys(cloud, endpoint) }),
  regeneratekeys: regenerateKeys,
  token: (cloud, endpoint) => ({ status: 200, body: readToken(cloud, endpoint) }),
};
