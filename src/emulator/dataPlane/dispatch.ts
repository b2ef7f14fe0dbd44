import type { World } from '../arm/model.ts';
import { armService } from './armService.ts';
import { blobService } from './blobService.ts';
import { json } from './httpExchange.ts';
import type { Arrival, HttpAnswer, HttpRequest } from './httpExchange.ts';
import { registryService } from './registryService.ts';
import { scoringService } from './scoringService.ts';
import { microsoftKey } from './packageSigningKey.ts';
import type { Site } from './hosts.ts';
import { vaultService } from './vaultService.ts';
import { workspaceService } from './workspaceService.ts';

/** What the host at a site answers to a request that has reached it. */
export function answer(world: World, site: Site, request: HttpRequest, arrival: Arrival): HttpAnswer {
  if (site.service === 'arm') return armService(world, request, arrival);
  if (site.resource && site.service === 'blob') return blobService(world, site.resource, request, arrival);
  if (site.resource && site.service === 'registry') return registryService(world, site.resource, request, arrival);
  if (site.resource && site.service === 'scoring') return scoringService(world, site.resource, request, arrival);
  if (site.resource && site.service === 'vault') return vaultService(site.resource, arrival);
  if (site.resource && site.service === 'workspace') return workspaceService(site.resource, arrival);
  const { pathname } = new URL(request.url);
  if (site.host === 'packages.microsoft.com' && pathname === '/keys/microsoft.asc') {
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: microsoftKey };
  }
  return json(501, {
    error: { code: 'EmulatorDoesNotKnow', message: `${request.method} ${request.url} is not emulated.` },
  });
}
