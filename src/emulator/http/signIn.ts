import { createHash, createHmac } from 'node:crypto';
import type { Call, Reply } from './call.ts';
import { segmentsOf } from '../arm/ids.ts';
import type { Json } from '../arm/model.ts';

/** The principal that a bearer token names. */
export interface Principal {
  appId: string;
  objectId: string;
}

/** A GUID that is always the same for the same text. */
export function guidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/**
 * The principal of an `Authorization` header, or undefined when it holds no bearer token. Any token is good; one that is no
 * JWT counts as a principal of its own.
 */
export function principalOf(authorization: string | undefined): Principal | undefined {
  const token = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) return undefined;
  const claims = claimsOf(token);
  const appId = claims['appid'] ?? claims['azp'] ?? guidOf(token);
  return { appId, objectId: claims['oid'] ?? guidOf(appId) };
}

function claimsOf(token: string): Record<string, string> {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, string>;
  } catch {
    return {};
  }
}

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** An hour's token for an application, in the form of Microsoft Entra's; its signature is never checked. */
function tokenFor(origin: string, tenantId: string, appId: string): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    aud: 'https://management.azure.com',
    iss: `${origin}/${tenantId}/v2.0`,
    iat: now,
    nbf: now,
    exp: now + 3600,
    appid: appId,
    oid: guidOf(appId),
    sub: guidOf(appId),
    tid: tenantId,
    ver: '1.0',
  };
  const signed = `${encode({ typ: 'JWT', alg: 'HS256' })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', 'emulator').update(signed).digest('base64url')}`;
}

/**
 * The routes by which `az`, MSAL and `@azure/identity` find the cloud and sign in; undefined for any other path. A sign-in to
 * any tenant is accepted, as are all secrets; the token is always one of the emulator's own tenant.
 */
export function handleSignIn(call: Call, form: URLSearchParams, tenantId: string): Reply | undefined {
  const path = call.path.toLowerCase();
  if (path === '/metadata/endpoints') return { status: 200, body: metadata(call) };
  if (path === '/common/discovery/instance') return { status: 200, body: discovery(call, tenantId) };
  if (path.endsWith('/.well-known/openid-configuration')) return { status: 200, body: openId(call, tenantId) };
  if (!/^\/[^/]+\/oauth2\/(v2\.0\/)?token$/.test(path) || call.method !== 'POST') return undefined;
  const appId = form.get('client_id');
  if (appId === null)
    return { status: 400, body: { error: 'invalid_request', error_description: 'client_id is missing' } };
  return {
    status: 200,
    body: {
      token_type: 'Bearer',
      expires_in: 3599,
      ext_expires_in: 3599,
      access_token: tokenFor(call.origin, tenantId, appId),
    },
  };
}

/** Old clients want one object with lists in it, `az` since api-version 2019-05-01 a list of clouds, from 2022-09-01 one cloud. */
function metadata(call: Call): Json {
  const { origin } = call;
  const authentication = {
    loginEndpoint: origin,
    audiences: [origin, 'https://management.azure.com'],
    tenant: 'common',
    identityProvider: 'AAD',
  };
  const version = call.query['api-version'] ?? '';
  if (version < '2019')
    return { galleryEndpoint: origin, graphEndpoint: origin, portalEndpoint: origin, authentication };
  const suffixes = { acrLoginServer: 'azurecr.io', keyVaultDns: 'vault.azure.net', storage: 'core.windows.net' };
  const cloud: Json = {
    name: 'MoatEmulator',
    resourceManager: origin,
    authentication,
    portal: origin,
    graph: origin,
    graphAudience: origin,
    microsoftGraphResourceId: origin,
    gallery: origin,
    batch: origin,
    media: origin,
    sqlManagement: origin,
    activeDirectoryDataLake: origin,
    suffixes,
  };
  return version < '2022' ? [cloud] : cloud;
}

function discovery({ origin }: Call, tenantId: string): Json {
  const { host } = new URL(origin);
  return {
    tenant_discovery_endpoint: `${origin}/${tenantId}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
}

function openId({ origin, path }: Call, tenantId: string): Json {
  const tenant = segmentsOf(path)[0] ?? tenantId;
  const base = `${origin}/${tenant === 'common' || tenant === 'organizations' ? tenantId : tenant}`;
  return {
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_types_supported: ['code', 'id_token'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    tenant_region_scope: null,
    cloud_instance_name: new URL(origin).host,
  };
}
