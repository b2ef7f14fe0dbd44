import { randomUUID } from 'node:crypto';
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

function listKeys(_cloud: Cloud, endpoint: Resource): ActionReply {
  requireKeyAuth(endpoint);
  const { primaryKey, secondaryKey } = endpoint.secrets ?? {};
  return { status: 200, body: { primaryKey: primaryKey ?? null, secondaryKey: secondaryKey ?? null } };
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

const part = (content: JsonObject): string => Buffer.from(JSON.stringify(content)).toString('base64url');

/** A token as a JWT without a signature that anybody checks: valid for 12 hours, to be renewed after 6. */
function token(cloud: Cloud, endpoint: Resource): ActionReply {
  const now = Math.floor(cloud.now() / 1000);
  const claims = {
    tid: tenantId,
    aud: endpoint.properties['scoringUri'] ?? null,
    exp: now + 43_200,
    jti: randomUUID(),
  };
  return {
    status: 200,
    body: {
      accessToken: `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.${newKey(24).replaceAll(/[+/=]/g, '')}`,
      tokenType: 'Bearer',
      expiryTimeUtc: now + 43_200,
      refreshAfterTimeUtc: now + 21_600,
    },
  };
}

export const endpointActions: NonNullable<ResourceType['actions']> = {
  listkeys: listKeys,
  regeneratekeys: regenerateKeys,
  token,
};
