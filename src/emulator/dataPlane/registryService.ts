import type { Resource, Cloud } from '../arm/model.ts';
import { isAuthorized } from './authorization.ts';
import { bearer, json } from './httpExchange.ts';
import type { ClientConnection, HttpReply, HttpRequest } from './httpExchange.ts';
import { principalOf } from './managedIdentityTokens.ts';
import { objectOf, textAt } from './jsonPath.ts';
import { isPublicAccessDisabled, isRefusedByRules } from './publicAccess.ts';
import { storeManifest } from './storedObjects.ts';

const action = 'Microsoft.ContainerRegistry/registries';

function refusal(status: number, code: string, message: string, headers: Record<string, string> = {}): HttpReply {
  return json(status, { errors: [{ code, message }] }, headers);
}

const unauthorized = (host: string): HttpReply =>
  refusal(
    401,
    'UNAUTHORIZED',
    'authentication required, visit https://aka.ms/acr/authorization for more information.',
    {
      'www-authenticate': `Bearer realm="https://${host}/oauth2/token",service="${host}"`,
    },
  );

/** Changes a token of the directory into one of the registry, for principals that may do something in it. */
function exchangeToken(
  cloud: Cloud,
  registry: Resource,
  host: string,
  request: HttpRequest,
  connection: ClientConnection,
): HttpReply {
  const token = new URLSearchParams(request.body).get('access_token') ?? '';
  const principal = principalOf(token);
  const may =
    principal !== undefined &&
    ['pull/read', 'push/write'].some((verb) =>
      isAuthorized(cloud, { principal, scope: registry.id, action: `${action}/${verb}`, at: connection.at }),
    );
  return may ? json(200, { refresh_token: token }) : unauthorized(host);
}

function pushManifest(cloud: Cloud, host: string, repository: string, reference: string, manifest: string): HttpReply {
  const digest = storeManifest(cloud, `${host}/${repository}`, reference, manifest);
  return { status: 201, headers: { 'docker-content-digest': digest }, body: '' };
}

/** The data plane of a container registry: the challenge at `/v2/`, the exchange of tokens, manifests. */
export function registryService(
  cloud: Cloud,
  registry: Resource,
  request: HttpRequest,
  connection: ClientConnection,
): HttpReply {
  const { hostname: host, pathname } = new URL(request.url);
  const { via, clientAddress } = connection;
  const { properties } = registry;
  const isRefused = isPublicAccessDisabled(properties) || isRefusedByRules(properties, 'networkRuleSet', clientAddress);
  if (via === 'public' && isRefused) {
    const message = `client with IP '${clientAddress}' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.`;
    return refusal(403, 'DENIED', message);
  }
  if (pathname === '/oauth2/exchange') return exchangeToken(cloud, registry, host, request, connection);
  const principal = principalOf(bearer(request));
  if (!principal) return unauthorized(host);
  if (pathname === '/v2/') return json(200, {});
  const [, repository = '', reference = ''] = /^\/v2\/(.+)\/manifests\/([^/]+)$/.exec(pathname) ?? [];
  if (repository === '') return refusal(404, 'NOT_FOUND', 'not found');
  const verb = request.method === 'PUT' ? 'push/write' : 'pull/read';
  const ask = {
    principal,
    scope: registry.id,
    action: `${action}/${verb}`,
    at: connection.at,
  };
  if (!isAuthorized(cloud, ask)) return unauthorized(host);
  if (request.method === 'PUT') return pushManifest(cloud, host, repository, reference, request.body);
  const image = objectOf(cloud.objects.get(`image:${host}/${repository}:${reference}`));
  if (!image) return refusal(404, 'MANIFEST_UNKNOWN', `manifest tagged by "${reference}" is not found`);
  return {
    status: 200,
    headers: { 'docker-content-digest': textAt(image, 'digest') },
    body: textAt(image, 'manifest'),
  };
}
