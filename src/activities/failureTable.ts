import type { ArmError } from '../azure/errors.ts';
import type { FailureType } from '../domain/failures.ts';

/**
 * What to do about a failure: `wait` as long as it takes, `retry` a few times, retry `slow`ly a few times, make the resource
 * anew (`recreate`), or `giveUp`. For a long operation that ended with it, all but `giveUp` mean that the PUT is sent again.
 */
export type Action = 'wait' | 'retry' | 'slow' | 'recreate' | 'giveUp';

export interface Verdict {
  type: FailureType;
  action: Action;
  /** what to type or to change; empty when nothing is to be done but wait */
  remedy: string;
}

interface Row extends Verdict {
  codes: readonly string[];
  /** the message must match too: ARM uses some codes for several things */
  text?: RegExp;
}

const row = (codes: string, type: FailureType, action: Action, remedy = '', text?: RegExp): Row => ({
  codes: codes.toLowerCase().split(' '),
  type,
  action,
  remedy,
  ...(text ? { text } : {}),
});

const quotaRemedy =
  'request more quota (Azure portal, Quotas), choose a smaller or another instance type, or delete what is unused';
const renameRemedy = 'choose another suffix';
const permissionRemedy =
  'give the caller the missing right (az role assignment create --assignee <principal> --role Contributor --scope <group>), then provision again';
const lookRemedy = 'look at the resource in the Azure portal';
const purgeVaultRemedy = 'az keyvault purge --name <vault> --location <location>, or choose another suffix';

/**
 * ARM's codes and what they mean, the specific before the general; codes nested in `details` count too.
 * Sources: Azure docs "common deployment errors", "request limits and throttling", "troubleshoot online endpoints",
 * and the rules named in brackets.
 */
const table: readonly Row[] = [
  // throttling is never a reason to fail
  row(
    'TooManyRequests SubscriptionRequestsThrottled OperationNotAllowedThrottled ThrottledRequest',
    'Throttled',
    'wait',
  ),

  // another operation holds the resource, or one that it depends on
  row(
    'RetryableErrorDueToAnotherOperation RetryableError ReferencedResourceNotProvisioned AnotherOperationInProgress StorageAccountOperationInProgress ParentResourceNotInSucceededState PrivateEndpointOperationInProgress ResourceBeingModified DeploymentActive',
    'Busy',
    'wait',
  ),
  row('ResourceGroupBeingDeleted', 'Busy', 'wait'),
  row('NicReservedForAnotherVm', 'Busy', 'wait'), // until 180 s after the VM is gone
  row('OperationNotAllowed', 'Busy', 'wait', '', /marked for deletion/i), // DEL-14
  row('Conflict', 'Busy', 'wait', '', /in progress|being (created|updated|deleted)|another operation|locked/i),
  // DEL-7, DEL-9: what is nested or in use is being removed, and ARM notices late
  row(
    'InUseSubnetCannotBeDeleted InUseNetworkSecurityGroupCannotBeDeleted NetworkSecurityGroupInUse PublicIPAddressCannotBeDeleted NatGatewayInUse InUsePublicIpAddressCannotBeDeleted NatGatewayCannotBeDeleted NicInUse RoleDefinitionHasAssignments',
    'Busy',
    'wait',
  ),
  row('CannotDeleteResource', 'Busy', 'wait', '', /nested resources/i),

  // just made, not yet visible everywhere
  row('PrincipalNotFound RoleDefinitionDoesNotExist', 'NotYetConsistent', 'retry'),
  row('ParentResourceNotFound InvalidResourceReference LinkedAccessCheckFailed', 'NotYetConsistent', 'retry'),
  row(
    'BadArgument',
    'NotYetConsistent',
    'recreate',
    'check the roles of the endpoint’s identity',
    /authorization error|role assignment/i,
  ),
  row('SecretsInjectionError', 'NotYetConsistent', 'recreate', 'check the roles of the endpoint’s identity'),

  // capacity comes back by itself, quota does not
  row(
    'AllocationFailed ZonalAllocationFailed OverconstrainedAllocationRequest OverconstrainedZonalAllocationRequest',
    'Capacity',
    'slow',
    'try another size or region',
  ),
  row('OutOfQuota', 'Capacity', 'slow', 'try another instance type or region, or wait', /region-wide|capacity/i),
  row(
    'SkuNotAvailable',
    'Capacity',
    'giveUp',
    'choose a size that the region offers: az vm list-skus --location <location> --all',
  ),
  row(
    'OutOfQuota QuotaExceeded ResourceQuotaExceeded RoleAssignmentLimitExceeded PublicIPCountLimitReached',
    'Quota',
    'giveUp',
    quotaRemedy,
  ),
  row('OperationNotAllowed', 'Quota', 'giveUp', quotaRemedy, /quota/i),

  // who may not, and what policy forbids
  row('ScopeLocked', 'Blocked', 'giveUp', 'az lock delete --ids <lock>'),
  row(
    'RequestDisallowedByPolicy',
    'PolicyDenied',
    'giveUp',
    'ask for an exemption from the policy that the message names',
  ),
  row(
    'AuthorizationFailed LinkedAuthorizationFailed InvalidAuthenticationTokenTenant InvalidAuthenticationToken ExpiredAuthenticationToken AuthenticationFailed',
    'Forbidden',
    'giveUp',
    permissionRemedy,
  ),
  row('SubscriptionNotFound', 'Forbidden', 'giveUp', 'check AZURE_SUBSCRIPTION_ID and az account list'),

  // names
  row('ConflictError VaultAlreadyExists', 'SoftDeleted', 'giveUp', purgeVaultRemedy, /deleted state|recover|purge/i), // DEL-4
  row(
    'BadRequest',
    'SoftDeleted',
    'giveUp',
    'purge the workspace in the Azure portal (Recently deleted), or choose another suffix',
    /soft-deleted workspace/i,
  ), // DEL-1
  row(
    'StorageAccountAlreadyTaken StorageAccountInAnotherResourceGroup VaultAlreadyExists AlreadyInUse NameNotAvailable AlreadyExists',
    'NameTaken',
    'giveUp',
    renameRemedy,
  ),
  row(
    'BadRequest InferencingClientCallFailed ValidationError UserError',
    'NameTaken',
    'giveUp',
    renameRemedy,
    /already an endpoint with this name/i,
  ), // PF-43
  row('InferencingClientCallFailed', 'NotYetConsistent', 'slow', '', /not found/i), // DEL-19

  // the deployment itself
  row(
    'ResourceNotReady',
    'DeploymentUnhealthy',
    'giveUp',
    'read the container’s log (az ml online-deployment get-logs), then mend the scoring script or choose a larger instance type',
  ),
  row(
    'ImageBuildFailure',
    'ImageBuildFailed',
    'giveUp',
    'build the image on the jumpbox; a private workspace cannot build it',
  ), // PF-30
  row(
    'BadArgument',
    'InvalidRequest',
    'giveUp',
    'check that the image is in the workspace’s own registry and the model in its default storage', // PF-10, PF-12
    /unable to download/i,
  ),

  // the request is wrong and stays wrong
  row(
    'MissingSubscriptionRegistration NoRegisteredProviderFound MissingRegistrationForLocation',
    'InvalidRequest',
    'giveUp',
    'az provider register --namespace <namespace>',
  ),
  row(
    'LocationNotAvailableForResourceType InvalidResourceLocation',
    'InvalidRequest',
    'giveUp',
    'choose another location',
  ),
  row('SubnetIsFull', 'InvalidRequest', 'giveUp', 'the scoring subnet has no free address'), // PF-28
  row(
    'PropertyChangeNotAllowed InvalidTemplate InvalidParameter InvalidRequestContent InvalidRequestFormat LinkedInvalidPropertyId LocationRequired AccountNameInvalid ImageNotFound PlatformImageNotFound BadArgument BadRequest PrivateEndpointCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled',
    'InvalidRequest',
    'giveUp',
  ),

  // Azure's own trouble
  row('OperationCanceled', 'Transient', 'retry'), // a higher-priority operation came between
  row(
    'InternalServerError InternalError ServerTimeout GatewayTimeout ServiceUnavailable PARSE_ERROR',
    'Transient',
    'retry',
  ),

  // The operation ended Failed and does not say why: what is wrong shows when it is begun again.
  row('OperationFailed', 'Unknown', 'retry', lookRemedy),
];

/** Where no row knows the code: what the HTTP status says. */
function byStatus(error: ArmError): Verdict {
  const { status } = error;
  if (status === 429) return { type: 'Throttled', action: 'wait', remedy: '' };
  if (status === 0 || status === 408 || (status !== null && status >= 500)) {
    return { type: 'Transient', action: 'retry', remedy: '' };
  }
  if (error.signIn) {
    return { type: 'Forbidden', action: 'giveUp', remedy: 'sign in (az login), or give the service an identity' };
  }
  if (status === 401 || status === 403) return { type: 'Forbidden', action: 'giveUp', remedy: permissionRemedy };
  if (status === 404) return { type: 'NotYetConsistent', action: 'retry', remedy: '' };
  // A conflict that no row knows may pass or stay: it is tried again for a while.
  if (status === 409) return { type: 'Unknown', action: 'retry', remedy: lookRemedy };
  if (status !== null && status >= 400) return { type: 'InvalidRequest', action: 'giveUp', remedy: '' };
  return { type: 'Unknown', action: 'giveUp', remedy: lookRemedy };
}

/** What a failure of ARM means and what is to be done about it. */
export function classify(error: ArmError): Verdict {
  const seen = [{ code: error.code, message: error.message }, ...error.details];
  const said = seen.map((one) => one.message).join('\n');
  const codes = new Set(seen.map((one) => one.code.toLowerCase()));
  // Being throttled says nothing about the request, whatever code comes with it; a locked target says so by its code.
  const found = table.find((one) => one.codes.some((code) => codes.has(code)) && (one.text?.test(said) ?? true));
  return found ? { type: found.type, action: found.action, remedy: found.remedy } : byStatus(error);
}
