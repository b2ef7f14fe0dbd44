import type { Cloud } from '../arm/model.ts';
import { armService } from './armService.ts';
import { blobService } from './blobService.ts';
import { json } from './httpExchange.ts';
import type { ClientConnection, HttpReply, HttpRequest } from './httpExchange.ts';
import { registryService } from './registryService.ts';
import { scoringService } from './scoringService.ts';
import { microsoftKey } from './packageSigningKey.ts';
import type { Host } from './hosts.ts';
import { vaultService } from './vaultService.ts';
import { workspaceService } from './workspaceService.ts';

/** What the host at a site answers to a request that has reached it. */
export function dispatch(cloud: Cloud, site: Host, request: HttpRequest, connection: ClientConnection): HttpReply {
  if (site.service === 'arm') return armService(cloud, request, connection);
  if (site.resource && site.service === 'blob') return blobService(cloud, site.resource, request, connection);
  if (site.resource && site.service === 'registry') return registryService(cloud, site.resource, request, connection);
  if (site.resource && site.service === 'scoring') return scoringService(cloud, site.resource, request, connection);
  if (site.resource && site.service === 'vault') return vaultService(site.resource, connection);
  if (site.resource && site.service === 'workspace') return workspaceService(site.resource, connection);
  const { pathname } = new URL(request.url);
  if (site.host === 'packages.microsoft.com' && pathname === '/keys/microsoft.asc') {
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: microsoftKey };
  }
  return json(501, {
    error: { code: 'EmulatorDoesNotKnow', message: `${request.method} ${request.url} is not emulated.` },
  });
}
