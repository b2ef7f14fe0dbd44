import { randomUUID } from 'node:crypto';
import { ArmFault } from '../../arm/model.ts';
import type { ActionRequest, Answer, JsonObject, Resource, ResourceType, World } from '../../arm/model.ts';
import { filledText, newKey, tenantId, wordOf } from '../resourceHelpers.ts';

function requireKeyAuth(endpoint: Resource): void {
  if (endpoint.properties['authMode'] === 'Key') return;
  const message = `Endpoint '${endpoint.name}' uses ${wordOf(endpoint.properties['authMode'])}; it has no keys.`;
  throw new ArmFault(400, 'BadRequest', message);
}

function listKeys(_world: World, endpoint: Resource): Answer {
  requireKeyAuth(endpoint);
  const { primaryKey, secondaryKey } = endpoint.secrets ?? {};
  return { status: 200, body: { primaryKey: primaryKey ?? null, secondaryKey: secondaryKey ?? null } };
}

/** The new key counts at once; the operation only tells that it does. */
function regenerateKeys(world: World, endpoint: Resource, { body }: ActionRequest): Answer {
  requireKeyAuth(endpoint);
  const which = body['keyType'] === 'Secondary' ? 'secondaryKey' : 'primaryKey';
  endpoint.secrets = { ...endpoint.secrets, [which]: filledText(body['keyValue']) ?? newKey(24) };
  world.save(endpoint);
  const location = endpoint.location ?? '';
  const operation = world.begin({
    kind: 'action',
    resourceId: endpoint.id,
    location,
    durationKey: 'onlineEndpoint.traffic',
  });
  return { status: 202, operation };
}

const part = (content: JsonObject): string => Buffer.from(JSON.stringify(content)).toString('base64url');

/** A token as a JWT without a signature that anybody checks: valid for 12 hours, to be renewed after 6. */
function token(world: World, endpoint: Resource): Answer {
  const now = Math.floor(world.now() / 1000);
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
