import { parseResourceId } from './naming.ts';

/**
 * Minutes after which an operation on a type counts as stuck: what maintained clients wait at most (Terraform's azurerm
 * timeouts); for a deployment four times the 15 minutes that Azure's documents name.
 */
const minutes: Record<string, number> = {
  'microsoft.resources/resourcegroups': 90,
  'microsoft.compute/virtualmachines': 45,
  'microsoft.compute/virtualmachines/runcommands': 90,
  'microsoft.network/privateendpoints': 60,
  'microsoft.network/privateendpoints/privatednszonegroups': 60,
  'microsoft.storage/storageaccounts': 60,
  'microsoft.insights/components': 60,
  'microsoft.machinelearningservices/workspaces/onlineendpoints': 60,
  'microsoft.machinelearningservices/workspaces/onlineendpoints/deployments': 60,
};
const otherwise = 30;

/** Minutes of Azure's time that one operation on a resource may take before it counts as stuck. */
export function operationTimeoutMinutes(id: string): number {
  const type = parseResourceId(id)?.type ?? 'Microsoft.Resources/resourceGroups';
  return minutes[type.toLowerCase()] ?? otherwise;
}
