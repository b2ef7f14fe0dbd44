import type { Cloud } from '../arm/model.ts';
import { isAuthorized, visibleSubscriptions } from './authorization.ts';
import { bearer, json } from './httpExchange.ts';
import type { ClientConnection, HttpReply, HttpRequest } from './httpExchange.ts';
import { principalOf } from './managedIdentityTokens.ts';
import { textAt } from './jsonPath.ts';

const listKeys = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/listKeys/action';

const refusal = (status: number, code: string, message: string): HttpReply =>
  json(status, { error: { code, message } });

/** Resource Manager as a managed identity inside the network reaches it: its subscriptions, and an endpoint's keys if its role allows it. */
export function armService(cloud: Cloud, request: HttpRequest, connection: ClientConnection): HttpReply {
  const url = new URL(request.url);
  const principal = principalOf(bearer(request));
  if (!principal)
    return refusal(
      401,
      'AuthenticationFailed',
      'Authentication failed. The Authorization header is missing or invalid.',
    );
  if (!url.searchParams.has('api-version')) {
    return refusal(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  if (request.method === 'GET' && url.pathname === '/subscriptions') {
    const value = visibleSubscriptions(cloud, principal, connection.at).map((subscriptionId) => ({
      subscriptionId,
    }));
    return json(200, { value });
  }
  const endpointId = /^(\/subscriptions\/.+\/onlineEndpoints\/[^/]+)\/listKeys$/i.exec(url.pathname)?.[1];
  if (request.method !== 'POST' || endpointId === undefined) {
    return refusal(501, 'NotEmulated', `${request.method} ${url.pathname} is not emulated for a managed identity.`);
  }
  const { principalId, clientId } = principal;
  if (!isAuthorized(cloud, { principal, scope: endpointId, action: listKeys, at: connection.at })) {
    return refusal(
      403,
      'AuthorizationFailed',
      `The client '${clientId}' with object id '${principalId}' does not have authorization to perform action '${listKeys}' over scope '${endpointId}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    );
  }
  const endpoint = cloud.find(endpointId);
  if (!endpoint) return refusal(404, 'ResourceNotFound', `The Resource '${endpointId}' was not found.`);
  const [primaryKey, secondaryKey] = [textAt(endpoint.secrets, 'primaryKey'), textAt(endpoint.secrets, 'secondaryKey')];
  return json(200, { primaryKey, secondaryKey });
}
