import type { Resource } from '../arm/model.ts';
import { bearer, json } from './httpExchange.ts';
import type { ClientConnection, HttpReply, HttpRequest } from './httpExchange.ts';
import { isPublicAccessDisabled } from './publicAccess.ts';

/** The reply of a workspace and its endpoints to a refused public request. */
export const deniedByPrivateLink: HttpReply = json(403, {
  error: {
    code: 'Forbidden',
    message: 'Access to workspace was denied based on workspace private link configuration',
  },
});

/** Access control of a workspace's own data plane; the data plane itself is not emulated. */
export function workspaceService(workspace: Resource, request: HttpRequest, connection: ClientConnection): HttpReply {
  if (connection.via === 'public' && isPublicAccessDisabled(workspace.properties)) {
    return deniedByPrivateLink;
  }
  if (bearer(request) !== undefined) return json(200, { value: [] });
  return json(401, { error: { code: 'UserError', message: 'Bearer token not provided.' } });
}
