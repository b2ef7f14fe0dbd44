import type { GenericClient } from '../../azure/genericClient.ts';
import { permits } from '../../domain/roleDefinitions.ts';
import type { Permission } from '../../domain/roleDefinitions.ts';

/** What approves the connection of a new private endpoint at once (Azure docs: manage private endpoints, approval workflow). */
export const approvalOf = (type: string): string => `${type}/privateEndpointConnectionsApproval/action`;

/** Whether the caller may approve private endpoint connections of a resource. Permissions that it may not read count as missing. */
export async function mayApprove(generic: GenericClient, { id, type }: { id: string; type: string }): Promise<boolean> {
  const path = `${id}/providers/Microsoft.Authorization/permissions`;
  const permissions = (await generic.list(path, '2022-04-01').catch(() => [])) as Permission[];
  return permissions.some((one) => permits(one, approvalOf(type)));
}
