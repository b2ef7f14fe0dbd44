import { log } from '@temporalio/activity';
import type { Azure } from '../../../azure/connectAzure.ts';
import { isWithin, parseResourceId } from '../../../domain/naming.ts';
import type { EnvironmentRef } from '../../../domain/naming.ts';
import { plannedResource } from '../../../domain/resources.ts';
import type { ActivityDeps } from '../../deps.ts';
import { inProgress } from '../../errors/activityFailures.ts';
import { connectionsTo } from '../connections.ts';
import { ignoreNotFound } from '../ignoreNotFound.ts';
import { labelOf } from '../resourceTypes.ts';
import { readNetwork } from './readNetwork.ts';

/** A private endpoint of a managed network, which Azure names after its rule. */
export interface NetworkEndpoint {
  name: string;
  targetId: string;
}

/** Minutes of Azure's time after which the deletion of a workspace continues all the same: its targets can be deleted with connections. */
const releaseMinutes = 30;

/** Types of targets whose connections can be read. */
const readable = /^microsoft\.(storage\/storageaccounts|keyvault\/vaults|containerregistry\/registries)$/i;

/** The private endpoints of the workspace's managed network; none for another resource, or without such a network. */
export async function networkEndpoints(azure: Azure, ref: EnvironmentRef, id: string): Promise<NetworkEndpoint[]> {
  const workspaceId = plannedResource(ref, 'workspace').id;
  if (id.toLowerCase() !== workspaceId.toLowerCase()) return [];
  const network = await ignoreNotFound(azure, readNetwork(azure, ref));
  return Object.entries(network?.rules ?? {}).flatMap(([name, { destination }]) => {
    const targetId = typeof destination === 'object' ? destination['serviceResourceId'] : undefined;
    const type = parseResourceId(String(targetId))?.type ?? '';
    return typeof targetId === 'string' && !isWithin(targetId, workspaceId) && readable.test(type)
      ? [{ name, targetId }]
      : [];
  });
}

/** Waits until the private endpoints of a deleted workspace are disconnected from their targets. Throws `InProgress` until then. */
export async function awaitDisconnection(
  { azure }: ActivityDeps,
  endpoints: readonly NetworkEndpoint[],
  since: number,
): Promise<void> {
  for (const targetId of new Set(endpoints.map((one) => one.targetId))) {
    const names = endpoints.filter((one) => one.targetId === targetId).map(({ name }) => name.toLowerCase());
    const connections = await connectionsTo(azure, targetId);
    const remaining = connections.filter(({ endpointId }) =>
      names.includes(endpointId.split('/').at(-1)!.toLowerCase()),
    );
    if (remaining.length === 0) continue;
    if (Date.now() - since > azure.delayMs(60 * releaseMinutes))
      return log.warn('private endpoints of a managed network were not released', { targetId });
    const what = `${remaining.length} private endpoint connections of the managed network remain`;
    throw inProgress(`${labelOf(targetId)}: ${what}`, azure.delayMs(10));
  }
}
