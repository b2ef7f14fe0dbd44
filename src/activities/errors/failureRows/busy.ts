import { retryByPost } from '../../../domain/remedies.ts';
import { row, textRow } from './row.ts';
import type { FailureRow } from './row.ts';

const showState = `az resource show --ids <id> --query properties.provisioningState --output tsv shows the state of the resource that is busy; once it is Succeeded, ${retryByPost}`;

/** Throttling, and resources that another operation holds. */
export const busyRows: readonly FailureRow[] = [
  // throttling is never a reason to fail
  row(
    'TooManyRequests SubscriptionRequestsThrottled OperationNotAllowedThrottled ThrottledRequest',
    'Throttled',
    'wait',
    `provision fewer environments in subscription <subscription> at the same time; then ${retryByPost}`,
  ),
  // with any status and code, though the poll before said Succeeded: Azure/azure-sdk-for-net#36961, Azure/bicep-registry-modules#1607
  textRow(
    /in (updating|creating|deleting|accepted|provisioning|scaling) provisioning state|not in (a )?terminal (provisioning )?state/i,
    'Busy',
    'wait',
    showState,
  ),
  row('RetryableErrorDueToAnotherOperation RetryableError ReferencedResourceNotProvisioned', 'Busy', 'wait', showState),
  row('AnotherOperationInProgress ResourceBeingModified ParentResourceNotInSucceededState', 'Busy', 'wait', showState),
  row('StorageAccountOperationInProgress PrivateEndpointOperationInProgress', 'Busy', 'wait', showState),
  row(
    'DeploymentActive DeploymentActiveAndUneditable',
    'Busy',
    'wait',
    `az deployment group list --resource-group <group> --output table lists the deployments in progress; once they have ended, ${retryByPost}`,
  ),
  row(
    'ResourceGroupBeingDeleted',
    'Busy',
    'wait',
    `az group wait --name <group> --deleted waits until the group is deleted; then ${retryByPost}`,
  ),
  // until 180 s after the VM's deletion, or after one that was never created (Azure/karpenter-provider-azure#92)
  row(
    'NicReservedForAnotherVm',
    'Busy',
    'wait',
    `az resource show --ids <id> shows the network interface, which Azure reserves for 180 s; then ${retryByPost}`,
  ),
  row('OperationNotAllowed', 'Busy', 'wait', showState, { text: /marked for deletion/i }), // DEL-14
  row('Conflict', 'Busy', 'wait', showState, {
    text: /in progress|being (created|updated|deleted)|another operation|locked/i,
  }),
  // DEL-7, DEL-9: nested or using resources are being removed, and ARM updates its references late
  row(
    'InUseSubnetCannotBeDeleted InUseNetworkSecurityGroupCannotBeDeleted NetworkSecurityGroupInUse PublicIPAddressCannotBeDeleted NatGatewayInUse InUsePublicIpAddressCannotBeDeleted NatGatewayCannotBeDeleted NicInUse RoleDefinitionHasAssignments',
    'Busy',
    'wait',
    'az network vnet show --ids <network> --query "subnets[].ipConfigurations[].id" lists the interfaces that still use the network; az network nic delete --ids <interface> deletes those that are not the environment’s',
  ),
  row(
    'CannotDeleteResource',
    'Busy',
    'wait',
    `az resource list --resource-group <group> --output table lists the resources nested in <id>; az resource delete --ids <nested> deletes one`,
    { text: /nested resources/i },
  ),
];
