import type { Azure } from '../../azure/connectAzure.ts';
import { isBrought } from '../../domain/broughtResources.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { retryByPost } from '../../domain/remedies.ts';
import { plannedResource, resourceName } from '../../domain/resources.ts';
import type { ResourceKey } from '../../domain/resourceKeys.ts';
import { inProgress, retryLater } from '../errors/activityFailures.ts';
import type { ActivityDeps } from '../deps.ts';
import { connectionsTo } from './connections.ts';
import type { Connection } from './connections.ts';
import { labelOf } from './resourceTypes.ts';

/** The resources that deployments with disabled egress connect to (DEL-20). */
const targets: readonly ResourceKey[] = ['storageAccount', 'registry', 'workspace'];

/** The description that Azure Machine Learning gives its managed connections (Azure docs: secure managed online endpoints). */
export const egressDescription = 'Egress for Microsoft.MachineLearningServices/workspaces/onlineEndpoints';

/**
 * Whether a text names the environment's endpoint. An existing resource has managed connections of others' deployments too. That Azure names
 * the endpoint in a connection is not documented; one that does not is nobody's to wait for.
 */
export const namesEndpoint = (ref: EnvironmentRef, text: string): boolean =>
  text.toLowerCase().includes(resourceName(ref, 'onlineEndpoint').toLowerCase());

/** The managed connections of the environment's deployments to one resource; those of other people and teams are not among them. */
const egressConnections = async (azure: Azure, ref: EnvironmentRef, key: ResourceKey): Promise<Connection[]> =>
  (await connectionsTo(azure, plannedResource(ref, key).id))
    .filter(({ description }) => description.toLowerCase().startsWith(egressDescription.toLowerCase()))
    .filter((one) => !isBrought(ref, { key }) || namesEndpoint(ref, JSON.stringify(one)));

/**
 * Polls once whether the private endpoints of deleted deployments are disconnected from storage account, registry and workspace.
 * Throws `InProgress` until then. A rejected or disconnected one holds nothing.
 */
export async function observeEgressConnections(
  { azure }: ActivityDeps,
  { ref }: { ref: EnvironmentRef },
): Promise<void> {
  for (const key of targets) {
    const connections = await egressConnections(azure, ref, key);
    const remaining = connections.filter(({ status }) => /^(approved|pending)$/i.test(status)).length;
    if (remaining > 0)
      throw inProgress(
        `${labelOf(plannedResource(ref, key).id)}: ${remaining} private endpoint connections of deployments remain`,
        azure.delayMs(10),
      );
  }
}

/**
 * Checks that the deployment's managed connections to storage account, registry and workspace are approved. Throws `NotYetConsistent` with
 * those that are not, and the commands that approve them.
 */
export async function checkEgressConnections({ azure }: ActivityDeps, { ref }: { ref: EnvironmentRef }): Promise<void> {
  const all = (await Promise.all(targets.map((key) => egressConnections(azure, ref, key)))).flat();
  const open = all.filter(({ status }) => !/^approved$/i.test(status));
  if (open.length === 0) return;
  const message = open.map(({ id, status }) => `managed private endpoint connection ${id} is ${status}`).join('; ');
  const approvals = open.map(({ id }) => `az network private-endpoint-connection approve --id ${id}`);
  const remedy = `${approvals.join('; ')}; then ${retryByPost}`;
  throw retryLater(message, azure.delayMs(5), remedy);
}
