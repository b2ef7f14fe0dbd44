import { parseResourceId } from './naming.ts';
import { rowsOfType } from './resources.ts';

/** The timeout of Terraform's azurerm provider, for rows of the catalogue without a timeout. */
const usualMinutes = 30;
const resourceGroupMinutes = 90;
const workspaceType = 'microsoft.machinelearningservices/workspaces';

/** Of a managed network: Azure names 30 minutes, and 10 more for the first rule about a host name; clients of Azure give up after 90. */
export const managedNetworkMinutes = 120;

/** Minutes for which Azure may refuse the deletion of a resource: a workspace is held while its managed network is provisioned. */
export const heldMinutes = (id: string): number =>
  Math.max(
    operationTimeoutMinutes(id),
    parseResourceId(id)?.type.toLowerCase() === workspaceType ? managedNetworkMinutes : 0,
  );

/** Minutes of Azure's time that one operation on a resource may take before it counts as stuck. */
export function operationTimeoutMinutes(id: string): number {
  const type = parseResourceId(id)?.type;
  if (type === undefined) return resourceGroupMinutes;
  return (
    Math.max(...rowsOfType(type).map(([, { timeoutMinutes }]) => timeoutMinutes ?? usualMinutes), 0) || usualMinutes
  );
}
