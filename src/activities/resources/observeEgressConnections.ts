import type { Azure } from '../../azure/connectAzure.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { retryByPost } from '../../domain/remedies.ts';
import { plannedResource } from '../../domain/resources.ts';
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

/** The managed connections of deployments to one resource; those of other people and teams are not among them. */
const egressConnections = async (azure: Azure, id: string): Promise<Connection[]> =>
  (await connectionsTo(azure, id)).filter((one) =>
    one.description.toLowerCase().startsWith(egressDescription.toLowerCase()),
  );

const targetIds = (ref: EnvironmentRef): string[] => targets.map((key) => plannedResource(ref, key).id);

/**
 * Polls once whether the private endpoints of deleted deployments are disconnected from storage account, registry and workspace.
 * Throws `InProgress` until then. A rejected or disconnected one holds nothing.
 */
export async function observeEgressConnections(
  { azure }: ActivityDeps,
  { ref }: { ref: EnvironmentRef },
): Promise<void> {
  for (const id of targetIds(ref)) {
    const connections = await egressConnections(azure, id);
    const remaining = connections.filter(({ status }) => /^(approved|pending)$/i.test(status)).length;
    if (remaining > 0)
      throw inProgress(
        `${labelOf(id)}: ${remaining} private endpoint connections of deployments remain`,
        azure.delayMs(10),
      );
  }
}

/**
 * Checks that the deployment's managed connections to storage account, registry and workspace are approved. Throws `NotYetConsistent` with
 * those that are not, and the commands that approve them.
 */
export async function checkEgressConnections({ azure }: ActivityDeps, { ref }: { ref: EnvironmentRef }): Promise<void> {
  const all = (await Promise.all(targetIds(ref).map((id) => egressConnections(azure, id)))).flat();
  const open = all.filter(({ status }) => !/^approved$/i.test(status));
  if (open.length === 0) return;
  const message = open.map(({ id, status }) => `managed private endpoint connection ${id} is ${status}`).join('; ');
  const approvals = open.map(({ id }) => `az network private-endpoint-connection approve --id ${id}`);
  const remedy = `${approvals.join('; ')}; then ${retryByPost}`;
  throw retryLater(message, azure.delayMs(5), remedy);
}
