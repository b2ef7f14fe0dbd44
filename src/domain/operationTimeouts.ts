import { parseResourceId } from './naming.ts';
import { rowsOfType } from './resources.ts';

/** The timeout of Terraform's azurerm provider, for rows of the catalogue without a timeout. */
const usualMinutes = 30;
const resourceGroupMinutes = 90;

/** Minutes of Azure's time that one operation on a resource may take before it counts as stuck. */
export function operationTimeoutMinutes(id: string): number {
  const type = parseResourceId(id)?.type;
  if (type === undefined) return resourceGroupMinutes;
  return (
    Math.max(...rowsOfType(type).map(([, { timeoutMinutes }]) => timeoutMinutes ?? usualMinutes), 0) || usualMinutes
  );
}
