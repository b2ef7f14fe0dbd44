import { ArmError } from '../arm/model.ts';
import type { Cloud, Resource } from '../arm/model.ts';
import { isAuthorized, visibleSubscriptions } from './authorization.ts';
import { bearer, json } from './httpExchange.ts';
import type { ClientConnection, HttpReply, HttpRequest } from './httpExchange.ts';
import { readKeys, readToken } from '../providers/machineLearningServices/onlineEndpointActions.ts';
import { principalOf } from './managedIdentityTokens.ts';

const endpoints = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints';

const refusal = (status: number, code: string, message: string): HttpReply =>
  json(status, { error: { code, message } });

/** Resource Manager as a managed identity inside the network reaches it: its subscriptions, and an endpoint's keys or token if its role allows it. */
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
  const asked = /^(?<endpointId>\/subscriptions\/.+\/onlineEndpoints\/[^/]+)\/(?<verb>listKeys|token)$/i.exec(
    url.pathname,
  );
  const { endpointId, verb } = asked?.groups ?? {};
  if (request.method !== 'POST' || endpointId === undefined || verb === undefined) {
    return refusal(501, 'NotEmulated', `${request.method} ${url.pathname} is not emulated for a managed identity.`);
  }
  const { principalId, clientId } = principal;
  const action = `${endpoints}/${verb}/action`;
  if (!isAuthorized(cloud, { principal, scope: endpointId, action, at: connection.at })) {
    return refusal(
      403,
      'AuthorizationFailed',
      `The client '${clientId}' with object id '${principalId}' does not have authorization to perform action '${action}' over scope '${endpointId}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    );
  }
  const endpoint = cloud.find(endpointId);
  if (!endpoint) return refusal(404, 'ResourceNotFound', `The Resource '${endpointId}' was not found.`);
  return actionReply(cloud, endpoint, verb.toLowerCase());
}

/** What the action answers to any caller that may use it. */
function actionReply(cloud: Cloud, endpoint: Resource, verb: string): HttpReply {
  const read = verb === 'token' ? readToken : readKeys;
  try {
    return json(200, read(cloud, endpoint));
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    return refusal(error.status, error.body.code ?? '', error.message);
  }
}
