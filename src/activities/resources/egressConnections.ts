import { groupId, isWithin } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { plannedResource } from '../../domain/resources.ts';
import type { ResourceKey } from '../../domain/resources.ts';
import { inProgress } from '../errors/activityFailures.ts';
import type { ActivityDeps } from '../withHeartbeat.ts';
import { lookup } from './lookup.ts';
import { resourceHandle } from './resourceType.ts';
import { labelOf, resourceTypeOf } from './resourceTypes.ts';

/** What deployments with closed egress are connected to (DEL-20). */
const reached: readonly ResourceKey[] = ['storageAccount', 'registry', 'workspace'];

interface Connection {
  privateEndpoint?: { id?: string };
  properties?: { privateEndpoint?: { id?: string } };
}
interface Connected {
  privateEndpointConnections?: Connection[];
  properties?: { privateEndpointConnections?: Connection[] };
}

/** A connection from outside the group is Azure Machine Learning's own: Moat's private endpoints are all in it. */
function fromOutside(site: EnvironmentRef, connection: Connection): boolean {
  const id = (connection.privateEndpoint ?? connection.properties?.privateEndpoint)?.id ?? '';
  return !isWithin(id, groupId(site));
}

/**
 * Looks once whether the private endpoints of deleted deployments have let go of storage account, registry and workspace.
 * Throws `InProgress` until then.
 */
export async function observeEgressConnections({ azure }: ActivityDeps, { site }: { site: EnvironmentRef }): Promise<void> {
  for (const key of reached) {
    const { id } = plannedResource(site, key);
    const found = await lookup<Connected>(azure, resourceTypeOf(id).get(resourceHandle(azure, id)));
    const connections = found?.privateEndpointConnections ?? found?.properties?.privateEndpointConnections ?? [];
    const left = connections.filter((one) => fromOutside(site, one)).length;
    if (left > 0)
      throw inProgress(`${labelOf(id)}: ${left} private endpoint connections of deployments left`, azure.delayMs(10));
  }
}
