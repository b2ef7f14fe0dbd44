import type { Resource } from '../arm/model.ts';
import { json } from './httpExchange.ts';
import type { ClientConnection, HttpReply } from './httpExchange.ts';
import { textAt } from './jsonPath.ts';

/** How a workspace and its endpoints refuse the public way. */
export const deniedByPrivateLink: HttpReply = json(403, {
  error: {
    code: 'Forbidden',
    message: 'Access to workspace was denied based on workspace private link configuration',
  },
});

/** The door of a workspace's own data plane; what is behind it is not emulated. */
export function workspaceService(workspace: Resource, connection: ClientConnection): HttpReply {
  if (connection.via === 'public' && textAt(workspace.properties, 'publicNetworkAccess') === 'Disabled') {
    return deniedByPrivateLink;
  }
  return json(401, { error: { code: 'UserError', message: 'Bearer token not provided.' } });
}
