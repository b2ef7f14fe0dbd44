import type { Cloud } from '../arm/model.ts';
import { armService } from './armService.ts';
import { blobService, fileService } from './blobService.ts';
import type { ClientConnection, HttpReply, HttpRequest } from './httpExchange.ts';
import { registryService } from './registryService.ts';
import { siteReply } from './publicSites.ts';
import { scoringService } from './scoringService.ts';
import { microsoftKey } from './packageSigningKey.ts';
import type { Host } from './hosts.ts';
import { vaultService } from './vaultService.ts';
import { workspaceService } from './workspaceService.ts';

/** What the host at a host answers to a request that has reached it. */
export function dispatch(cloud: Cloud, host: Host, request: HttpRequest, connection: ClientConnection): HttpReply {
  if (host.service === 'arm') return armService(cloud, request, connection);
  if (host.resource && host.service === 'blob') return blobService(cloud, host.resource, request, connection);
  if (host.resource && host.service === 'file') return fileService(host.resource, request, connection);
  if (host.resource && host.service === 'registry') return registryService(cloud, host.resource, request, connection);
  if (host.resource && host.service === 'scoring') return scoringService(cloud, host.resource, request, connection);
  if (host.resource && host.service === 'vault') return vaultService(host.resource, request, connection);
  if (host.resource && host.service === 'workspace') return workspaceService(host.resource, request, connection);
  const { pathname } = new URL(request.url);
  if (host.name === 'packages.microsoft.com' && pathname === '/keys/microsoft.asc') {
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: microsoftKey };
  }
  return siteReply(host.name, request, connection);
}
