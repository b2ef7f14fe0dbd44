import { groupId, isWithin } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { plannedResource } from '../../domain/resources.ts';
import type { ResourceKey } from '../../domain/resourceKeys.ts';
import { inProgress } from '../errors/activityFailures.ts';
import type { ActivityDeps } from '../deps.ts';
import { ignoreNotFound } from './ignoreNotFound.ts';
import { resourceHandle } from './resourceType.ts';
import { labelOf, resourceTypeOf } from './resourceTypes.ts';

/** What deployments with egress disabled connect to (DEL-20). */
const targets: readonly ResourceKey[] = ['storageAccount', 'registry', 'workspace'];

interface Connection {
  privateEndpoint?: { id?: string };
  properties?: { privateEndpoint?: { id?: string } };
}
interface Connected {
  privateEndpointConnections?: Connection[];
  properties?: { privateEndpointConnections?: Connection[] };
}

/** A connection from outside the group is Azure Machine Learning's own: Moat's private endpoints are all in it. */
function fromOutside(ref: EnvironmentRef, connection: Connection): boolean {
  const id = (connection.privateEndpoint ?? connection.properties?.privateEndpoint)?.id ?? '';
  return !isWithin(id, groupId(ref));
}

/**
 * Polls once whether the private endpoints of deleted deployments are disconnected from storage account, registry and workspace.
 * Throws `InProgress` until then.
 */
export async function observeEgressConnections(
  { azure }: ActivityDeps,
  { ref }: { ref: EnvironmentRef },
): Promise<void> {
  for (const key of targets) {
    const { id } = plannedResource(ref, key);
    const found = await ignoreNotFound<Connected>(azure, resourceTypeOf(id).get(resourceHandle(azure, id)));
    const connections = found?.privateEndpointConnections ?? found?.properties?.privateEndpointConnections ?? [];
    const remaining = connections.filter((one) => fromOutside(ref, one)).length;
    if (remaining > 0)
      throw inProgress(
        `${labelOf(id)}: ${remaining} private endpoint connections of deployments remain`,
        azure.delayMs(10),
      );
  }
}
