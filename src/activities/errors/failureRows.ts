import type { FailureType } from '../../domain/failures.ts';
import {
  retryByPost,
  checkIdentityRoles,
  inspectActivityLog,
  requestQuota,
  grantContributor,
  readContainerLog,
  chooseAnotherSuffix,
  chooseAnotherSize,
} from '../../domain/remedies.ts';

/**
 * The reaction to a failure: `wait` without a limit on attempts, `retry` a few times, `slow`: retry a few times with long delays,
 * `recreate` the resource, or `giveUp`. For a failed long operation, all but `giveUp` mean that the workflow repeats the PUT.
 */
export type Action = 'wait' | 'retry' | 'slow' | 'recreate' | 'giveUp';

export interface Classification {
  type: FailureType;
  action: Action;
  /** suggested remedy, where the failure is permanent */
  remedy: string;
}

export interface FailureRow extends Classification {
  /** in lower case */
  codes: readonly string[];
  /** `operation`: only as the result of a long operation; as the answer to a request, the code means something else */
  where: 'anywhere' | 'operation';
  /** must match the message, too: ARM uses some codes for several errors */
  text?: RegExp;
}

const rowOf =
  (where: FailureRow['where']) =>
  (codes: string, type: FailureType, action: Action, remedy: string, text?: RegExp): FailureRow => ({
    codes: codes.toLowerCase().split(/\s+/),
    type,
    action,
    remedy,
    where,
    ...(text ? { text } : {}),
  });
const row = rowOf('anywhere');
const ended = rowOf('operation');

/** Generic codes of the machine learning service: only the message distinguishes its errors. */
const machineLearning = 'BadRequest BadArgument InferencingClientCallFailed ValidationError UserError';

/**
 * ARM's codes and what they mean, the specific before the general; codes nested in `details` count too.
 * Sources: Azure docs "common deployment errors", "request limits and throttling", "troubleshoot online endpoints",
 * and the rules named behind the rows.
 */
export const failureRows: readonly FailureRow[] = [
  // throttling is never a reason to fail
  row(
    'TooManyRequests SubscriptionRequestsThrottled OperationNotAllowedThrottled ThrottledRequest',
    'Throttled',
    'wait',
    retryByPost,
  ),

  // another operation holds the resource, or one that it depends on
  row(
    'RetryableErrorDueToAnotherOperation RetryableError ReferencedResourceNotProvisioned',
    'Busy',
    'wait',
    retryByPost,
  ),
  row(
    'AnotherOperationInProgress ResourceBeingModified ParentResourceNotInSucceededState',
    'Busy',
    'wait',
    retryByPost,
  ),
  row('StorageAccountOperationInProgress PrivateEndpointOperationInProgress', 'Busy', 'wait', retryByPost),
  row('DeploymentActive DeploymentActiveAndUneditable', 'Busy', 'wait', retryByPost),
  row('ResourceGroupBeingDeleted', 'Busy', 'wait', retryByPost),
  row('NicReservedForAnotherVm', 'Busy', 'wait', retryByPost), // until 180 s after the VM's deletion
  row('OperationNotAllowed', 'Busy', 'wait', retryByPost, /marked for deletion/i), // DEL-14
  row('Conflict', 'Busy', 'wait', retryByPost, /in progress|being (created|updated|deleted)|another operation|locked/i),
  // DEL-7, DEL-9: nested or using resources are being removed, and ARM updates its references late
  row(
    'InUseSubnetCannotBeDeleted InUseNetworkSecurityGroupCannotBeDeleted NetworkSecurityGroupInUse PublicIPAddressCannotBeDeleted NatGatewayInUse InUsePublicIpAddressCannotBeDeleted NatGatewayCannotBeDeleted NicInUse RoleDefinitionHasAssignments',
    'Busy',
    'wait',
    'az network vnet show --ids <id> --query "subnets[].ipConfigurations[].id" lists the interfaces that still use the network; delete those that are not the environment’s',
  ),
  row('CannotDeleteResource', 'Busy', 'wait', 'az resource delete --ids <nested>', /nested resources/i),

  // just created, not yet visible everywhere
  row('PrincipalNotFound RoleDefinitionDoesNotExist', 'NotYetConsistent', 'retry', retryByPost),
  row(
    'ParentResourceNotFound InvalidResourceReference LinkedAccessCheckFailed',
    'NotYetConsistent',
    'retry',
    retryByPost,
  ),
  row('BadArgument', 'NotYetConsistent', 'recreate', checkIdentityRoles, /authorization error|role assignment/i),
  ended('SecretsInjectionError', 'NotYetConsistent', 'recreate', checkIdentityRoles),
  row(
    'WorkspaceManagedNetworkNotReady',
    'NotYetConsistent',
    'slow',
    'az ml workspace provision-network --name <workspace> --resource-group <group>',
  ),
  row('InferencingClientCallFailed', 'NotYetConsistent', 'slow', retryByPost, /not found/i), // DEL-19

  // capacity comes back by itself, quota does not
  row(
    'AllocationFailed ZonalAllocationFailed OverconstrainedAllocationRequest OverconstrainedZonalAllocationRequest',
    'Capacity',
    'slow',
    chooseAnotherSize,
  ),
  row('OutOfQuota', 'Capacity', 'slow', chooseAnotherSize, /region-wide|capacity/i),
  row('SkuNotAvailable', 'Capacity', 'giveUp', 'az vm list-skus --location <location> --all --output table'),
  row(
    'PublicIPCountLimitReached',
    'Quota',
    'giveUp',
    `az network list-usages --location <location> --output table lists the usage; delete what is unused, then ${retryByPost}`,
  ),
  row(
    'RoleAssignmentLimitExceeded',
    'Quota',
    'giveUp',
    `az role assignment list --all --output table lists the assignments; delete what is unused, then ${retryByPost}`,
  ),
  row('OutOfQuota QuotaExceeded ResourceQuotaExceeded', 'Quota', 'giveUp', requestQuota),
  row('OperationNotAllowed', 'Quota', 'giveUp', requestQuota, /quota/i),

  // missing permissions, and policies
  row('ScopeLocked', 'Blocked', 'giveUp', 'az lock delete --ids <lock>'),
  row(
    'RequestDisallowedByPolicy',
    'PolicyDenied',
    'giveUp',
    'az policy exemption create --name moat --policy-assignment <assignment> --exemption-category Waiver --scope <group>',
  ),
  row(
    'Forbidden UserError AccessDenied',
    'Forbidden',
    'giveUp',
    'DELETE the environment, then POST it with "workspacePublicNetworkAccess": "enabled"',
    /private link configuration/i,
  ),
  row('AuthorizationFailed LinkedAuthorizationFailed', 'Forbidden', 'giveUp', grantContributor),
  row(
    'InvalidAuthenticationTokenTenant InvalidAuthenticationToken ExpiredAuthenticationToken AuthenticationFailed',
    'Forbidden',
    'giveUp',
    'az login --tenant <tenant>, then restart the service',
  ),
  row('SubscriptionNotFound', 'Forbidden', 'giveUp', 'az account list --output table, then set AZURE_SUBSCRIPTION_ID'),

  // names
  row(
    'ConflictError VaultAlreadyExists',
    'SoftDeleted',
    'giveUp',
    `az keyvault purge --name <vault> --location <location>; then ${retryByPost}`,
    /deleted state|recover|purge/i,
  ), // DEL-4
  row(
    machineLearning,
    'SoftDeleted',
    'giveUp',
    'DELETE the environment, which purges the workspace, then POST it again',
    /soft-deleted workspace/i,
  ), // DEL-1
  row(
    'StorageAccountAlreadyTaken StorageAccountInAnotherResourceGroup VaultAlreadyExists AlreadyInUse NameNotAvailable AlreadyExists',
    'NameTaken',
    'giveUp',
    chooseAnotherSuffix,
  ),
  row(machineLearning, 'NameTaken', 'giveUp', chooseAnotherSuffix, /already an endpoint with this name/i), // PF-43

  // the endpoint and its deployment
  row(
    machineLearning,
    'InvalidRequest',
    'giveUp',
    `az resource update --ids <workspace> --set properties.v1LegacyMode=false, wait up to an hour, then ${retryByPost}`,
    /v1.?legacy/i,
  ), // PF-05
  row(
    machineLearning,
    'InvalidRequest',
    'giveUp',
    'DELETE the environment, then POST it with "model": "custom"',
    /mlflow.*(unsupported|not supported)/i,
  ), // PF-11
  ended('ResourceNotReady', 'DeploymentUnhealthy', 'giveUp', readContainerLog),
  ended(
    'ImageBuildFailure',
    'ImageBuildFailed',
    'giveUp',
    `az ml workspace sync-keys --name <workspace> --resource-group <group>; then ${retryByPost}`,
    /authorization failure/i,
  ),
  ended(
    'ImageBuildFailure',
    'ImageBuildFailed',
    'giveUp',
    `a private workspace builds no image; ${inspectActivityLog}`,
  ), // PF-30
  row(
    'BadArgument',
    'InvalidRequest',
    'giveUp',
    'az acr repository show-tags --name <registry> --repository <image>, from the jumpbox: the image must be in the workspace’s own registry, the model in its default storage', // PF-10, PF-12
    /unable to download/i,
  ),
  ended('ResourceNotFound', 'InvalidRequest', 'giveUp', inspectActivityLog),

  // invalid requests
  row(
    'MissingSubscriptionRegistration NoRegisteredProviderFound MissingRegistrationForLocation',
    'InvalidRequest',
    'giveUp',
    `az provider register --namespace <namespace> --wait; then ${retryByPost}`,
  ),
  // the machine learning service names neither provider: Microsoft Q&A 1983847
  row(
    'SubscriptionNotRegistered ResourceOperationFailure',
    'InvalidRequest',
    'giveUp',
    `az provider register --namespace Microsoft.PolicyInsights --wait; az provider register --namespace Microsoft.Cdn --wait; then ${retryByPost}`,
    /registered with subscription/i,
  ),
  row(
    'LocationNotAvailableForResourceType LocationRequired',
    'InvalidRequest',
    'giveUp',
    'DELETE the environment, then POST it with another "location"',
  ),
  row('InvalidResourceLocation AccountNameInvalid', 'InvalidRequest', 'giveUp', chooseAnotherSuffix),
  row(
    'SubnetIsFull',
    'InvalidRequest',
    'giveUp',
    'az network nic list --resource-group <group> --output table, and delete what is not the environment’s',
  ), // PF-28
  row(
    'PrivateEndpointCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled',
    'InvalidRequest',
    'giveUp',
    `az network vnet subnet update --ids <subnet> --private-endpoint-network-policies Disabled; then ${retryByPost}`,
  ), // PF-26
  row(
    'ImageNotFound PlatformImageNotFound',
    'InvalidRequest',
    'giveUp',
    'az vm image list --location <location> --publisher Canonical --all --output table',
  ),
  row(
    'PropertyChangeNotAllowed InvalidTemplate InvalidParameter InvalidRequestContent InvalidRequestFormat LinkedInvalidPropertyId BadArgument BadRequest',
    'InvalidRequest',
    'giveUp',
    inspectActivityLog,
  ),

  // failures inside Azure
  row('OperationCanceled', 'Transient', 'retry', retryByPost), // a higher-priority operation replaced it
  row(
    'InternalServerError InternalError ServerTimeout GatewayTimeout ServiceUnavailable PARSE_ERROR',
    'Transient',
    'retry',
    inspectActivityLog,
  ),

  // The operation ended Failed without a reason; the retry shows it.
  row('OperationFailed', 'Unknown', 'retry', inspectActivityLog),
];
