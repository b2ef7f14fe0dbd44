import type { Resource } from '../arm/model.ts';
import { bearer, json } from './httpExchange.ts';
import type { ClientConnection, HttpReply, HttpRequest } from './httpExchange.ts';
import { isPublicAccessDisabled, isRefusedByRules } from './publicAccess.ts';

function refusal(vault: Resource, code: string, message: string): HttpReply {
  const detail = `${message}\r\nVault: ${vault.name};location=${vault.location}`;
  return json(403, { error: { code: 'Forbidden', message: detail, innererror: { code } } });
}

/** Access control of a key vault: its firewall, then the authentication challenge. Its content is not emulated. */
export function vaultService(vault: Resource, request: HttpRequest, connection: ClientConnection): HttpReply {
  if (connection.via === 'public' && isPublicAccessDisabled(vault.properties)) {
    const message =
      'Public network access is disabled and request is not from a trusted service nor via an approved private link.';
    return refusal(vault, 'ForbiddenByConnection', message);
  }
  if (connection.via === 'public' && isRefusedByRules(vault.properties, 'networkAcls', connection.clientAddress)) {
    const message = `Client address is not authorized and caller is not a trusted service.\r\nClient address: ${connection.clientAddress}`;
    return refusal(vault, 'ForbiddenByFirewall', message);
  }
  if (bearer(request) !== undefined) {
    const message = 'Caller is not authorized to perform action on resource.';
    return refusal(vault, 'ForbiddenByRbac', message);
  }
  const challenge = 'Bearer authorization="https://login.microsoftonline.com", resource="https://vault.azure.net"';
  const error = { code: 'Unauthorized', message: 'AKV10000: Request is missing a Bearer or PoP token.' };
  return json(401, { error }, { 'www-authenticate': challenge });
}
