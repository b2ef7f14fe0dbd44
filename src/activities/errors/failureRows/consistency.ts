import { checkIdentityRoles, retryByPost } from '../../../domain/remedies.ts';
import { row, textRow } from './row.ts';
import type { FailureRow } from './row.ts';

const showResource = `az resource show --ids <id> shows whether the resource exists; once it does, ${retryByPost}`;

/** Resources and role assignments that were just created and are not yet visible everywhere. */
export const consistencyRows: readonly FailureRow[] = [
  // Key Vault and Storage, for 15 minutes and longer: hashicorp/terraform-provider-azurerm#23927
  textRow(
    /role assignments?,? (deny assignments?,? )?(or role definitions )?were changed recently|observe propagation time/i,
    'NotYetConsistent',
    'slow',
    `az role assignment list --all --assignee <principal> --output table lists the caller’s roles, one of which must allow <action>; az role assignment create adds one; then ${retryByPost}`,
    { limit: { attempts: 20, type: 'Forbidden' } },
  ),
  row(
    'PrincipalNotFound FailedIdentityOperation',
    'NotYetConsistent',
    'retry',
    `az identity list --resource-group <group> --output table lists the identities, whose principals Entra ID must know; then ${retryByPost}`,
  ), // Azure/azure-policy#1311
  // a definition that was just created, or whose assignable scopes were just changed; Terraform modules of landing zones retry both
  row(
    'RoleDefinitionDoesNotExist RoleAssignmentScopeNotAssignableToRoleDefinition',
    'NotYetConsistent',
    'retry',
    `az role definition list --custom-role-only --output json lists the roles with their assignable scopes, which must include the resource group: change those of the role in "jumpbox.keyReaderRoleDefinitionId", where the spec has one, then ${retryByPost}`,
  ),
  row(
    'ParentResourceNotFound InvalidResourceReference LinkedAccessCheckFailed',
    'NotYetConsistent',
    'retry',
    showResource,
  ),
  // the target of a private endpoint, before it is replicated
  row('ResourceNotFound', 'NotYetConsistent', 'retry', showResource, { where: 'operation', on: /\/privateEndpoints/i }),
  textRow(/deployment \S+ not found in endpoint/i, 'NotYetConsistent', 'retry', showResource), // Azure/azure-dev#4037
  row('BadArgument', 'NotYetConsistent', 'recreate', checkIdentityRoles, {
    text: /authorization error|role assignment/i,
  }),
  row('SecretsInjectionError', 'NotYetConsistent', 'recreate', checkIdentityRoles, { where: 'operation' }),
  row(
    'WorkspaceManagedNetworkNotReady',
    'NotYetConsistent',
    'slow',
    'az ml workspace provision-network --name <workspace> --resource-group <workspaceGroup>',
  ),
  row(
    'InferencingClientCallFailed',
    'NotYetConsistent',
    'slow',
    `az ml online-endpoint show --name <endpoint> --workspace-name <workspace> --resource-group <workspaceGroup> shows the endpoint; then ${retryByPost}`,
    { text: /not found/i },
  ), // DEL-19
];
