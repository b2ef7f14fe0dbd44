import type { Action } from '../../src/activities/errors/failureRows/row.ts';
import type { ArmError } from '../../src/azure/parseArmError.ts';
import type { FailureType } from '../../src/domain/failures.ts';
import type { ResourceKey } from '../../src/domain/resourceKeys.ts';
import { moreCases } from './moreFailureCases.ts';

/** An ARM error; only the members that matter are given. */
export const error = (more: Partial<ArmError>): ArmError => ({
  code: 'Unknown',
  status: 400,
  message: '',
  details: [],
  retryAfterMs: null,
  requestId: null,
  correlationId: null,
  operation: false,
  signIn: false,
  ...more,
});

/** ARM errors with the failure type and action that they map to; `on` is the key of the resource that was requested. */
export type Case = [sentence: string, error: Partial<ArmError>, type: FailureType, action: Action, on?: ResourceKey];

const knownCases: Case[] = [
  [
    'An operation that failed without saying why is retried.',
    { status: 200, code: 'OperationFailed', operation: true },
    'Unknown',
    'retry',
  ],
  ['Throttling is waited for.', { status: 429, code: 'TooManyRequests' }, 'Throttled', 'wait'],
  [
    'A 429 that names a locked target is no throttling.',
    { status: 429, code: 'RetryableErrorDueToAnotherOperation' },
    'Busy',
    'wait',
  ],
  [
    'A resource that depends on one still being updated is awaited, though the code is nested.',
    { code: 'OperationFailed', details: [{ code: 'ReferencedResourceNotProvisioned', message: 'PutSubnetOperation' }] },
    'Busy',
    'wait',
  ],
  [
    'Another operation on the resource is awaited.',
    { status: 409, code: 'AnotherOperationInProgress' },
    'Busy',
    'wait',
  ],
  [
    'A storage account that is busy while a private endpoint is made is awaited.',
    { code: 'StorageAccountOperationInProgress' },
    'Busy',
    'wait',
  ],
  ['A group that is being deleted is awaited.', { status: 409, code: 'ResourceGroupBeingDeleted' }, 'Busy', 'wait'],
  [
    'A network interface that is still reserved for its machine is awaited.',
    { code: 'NicReservedForAnotherVm' },
    'Busy',
    'wait',
  ],
  [
    'A machine marked for deletion is awaited.',
    {
      status: 409,
      code: 'OperationNotAllowed',
      message: 'the VM is marked for deletion. You can only retry the Delete operation',
    },
    'Busy',
    'wait',
  ],
  [
    'A core quota that does not suffice is final, though the code is the same.',
    {
      status: 409,
      code: 'OperationNotAllowed',
      message: 'Operation results in exceeding quota limits of Core. Maximum allowed: 4',
    },
    'Quota',
    'giveUp',
  ],
  ['A subnet that is still in use is awaited.', { code: 'InUseSubnetCannotBeDeleted' }, 'Busy', 'wait'],
  [
    'A zone whose links are just being removed is awaited.',
    { status: 409, code: 'CannotDeleteResource', message: 'Cannot delete resource while nested resources exist.' },
    'Busy',
    'wait',
  ],
  ['An unknown conflict is retried for a while.', { status: 409, code: 'SomethingNew' }, 'Unknown', 'retry'],
  ['A principal that is not visible yet is retried.', { code: 'PrincipalNotFound' }, 'NotYetConsistent', 'retry'],
  [
    'A parent that is not visible yet is retried.',
    { status: 404, code: 'ParentResourceNotFound' },
    'NotYetConsistent',
    'retry',
  ],
  [
    'A deployment whose identity has no rights yet is recreated.',
    { code: 'BadArgument', message: 'Startup task failed due to authorization error' },
    'NotYetConsistent',
    'recreate',
  ],
  [
    'A deployment that could not read its secrets is recreated.',
    { code: 'SecretsInjectionError', operation: true, status: 200 },
    'NotYetConsistent',
    'recreate',
  ],
  ['A machine that finds no room is retried slowly.', { code: 'AllocationFailed' }, 'Capacity', 'slow'],
  [
    'A region without room for the deployment is retried slowly.',
    { code: 'OutOfQuota', message: 'region-wide VM capacity' },
    'Capacity',
    'slow',
  ],
  ['A size that the region does not offer is final.', { status: 409, code: 'SkuNotAvailable' }, 'Capacity', 'giveUp'],
  [
    'A quota that does not suffice for the deployment is final.',
    { code: 'OutOfQuota', message: 'Not enough quota available' },
    'Quota',
    'giveUp',
  ],
  ['Too many public addresses are final.', { code: 'PublicIPCountLimitReached' }, 'Quota', 'giveUp'],
  ['Too many role assignments are final.', { code: 'RoleAssignmentLimitExceeded' }, 'Quota', 'giveUp'],
  [
    'A 429 with Retry-After is throttling, not quota.',
    { status: 429, code: 'QuotaExceeded', retryAfterMs: 1 },
    'Throttled',
    'wait',
  ],
  ['An operation’s unknown end is retried.', { status: 200, code: 'Odd', operation: true }, 'Unknown', 'retry'],
  ['A lock is a blocker.', { status: 409, code: 'ScopeLocked' }, 'Blocked', 'giveUp'],
  ['What policy forbids is final.', { status: 403, code: 'RequestDisallowedByPolicy' }, 'PolicyDenied', 'giveUp'],
  ['A missing right is final.', { status: 403, code: 'AuthorizationFailed' }, 'Forbidden', 'giveUp'],
  ['A failed sign-in is final.', { status: null, signIn: true }, 'Forbidden', 'giveUp'],
  [
    'A vault name held by a deleted vault is SoftDeleted.',
    { status: 409, code: 'ConflictError', message: 'A vault with the same name already exists in deleted state.' },
    'SoftDeleted',
    'giveUp',
  ],
  [
    'A workspace name held by a deleted workspace is SoftDeleted.',
    { code: 'BadRequest', message: 'Soft-deleted workspace exists. Please purge or recover it.' },
    'SoftDeleted',
    'giveUp',
  ],
  [
    'A storage name that is taken is final.',
    { status: 409, code: 'StorageAccountAlreadyTaken' },
    'NameTaken',
    'giveUp',
  ],
  [
    'An endpoint name that is taken in the region is final.',
    {
      code: 'BadRequest',
      message: 'There is already an endpoint with this name, Endpoint name needs to be unique within a region.',
    },
    'NameTaken',
    'giveUp',
  ],
  [
    'A container that does not come up is final.',
    { code: 'ResourceNotReady', operation: true, status: 200 },
    'DeploymentUnhealthy',
    'giveUp',
  ],
  [
    'An image that Azure could not build is final.',
    { code: 'ImageBuildFailure', operation: true, status: 200 },
    'ImageBuildFailed',
    'giveUp',
  ],
  [
    'An image out of the deployment’s reach is final.',
    { code: 'BadArgument', message: 'Unable to download user container image' },
    'InvalidRequest',
    'giveUp',
  ],
  [
    'A provider that is not registered is final.',
    { status: 409, code: 'MissingSubscriptionRegistration' },
    'InvalidRequest',
    'giveUp',
  ],
  [
    'A provider that an endpoint misses is final.',
    { code: 'SubscriptionNotRegistered', message: '[N/A] isn’t registered with Subscription [N/A]', operation: true },
    'InvalidRequest',
    'giveUp',
  ],
  [
    'A property that cannot be changed is final.',
    { status: 409, code: 'PropertyChangeNotAllowed' },
    'InvalidRequest',
    'giveUp',
  ],
  [
    'A cancelled operation is retried.',
    { code: 'OperationCanceled', operation: true, status: 200 },
    'Transient',
    'retry',
  ],
  ['Trouble inside Azure is retried.', { status: 500, code: 'InternalServerError' }, 'Transient', 'retry'],
  ['A 503 without a known code is retried.', { status: 503 }, 'Transient', 'retry'],
  ['A broken connection is retried.', { status: 0, code: 'ECONNRESET' }, 'Transient', 'retry'],
  [
    'A 404 from a resource that is not replicated yet is retried for a while.',
    { status: 404, code: 'NotFound' },
    'NotYetConsistent',
    'retry',
  ],
  ['A template deployment that is still active is awaited.', { status: 409, code: 'DeploymentActive' }, 'Busy', 'wait'],
  [
    'A run command that has not ended yet is awaited.',
    {
      status: 409,
      code: 'Conflict',
      message:
        'Run command extension execution is in progress. Please wait for completion before invoking a run command.',
    },
    'Busy',
    'wait',
  ],
  [
    'A managed network that is not ready yet is retried slowly.',
    { code: 'WorkspaceManagedNetworkNotReady' },
    'NotYetConsistent',
    'slow',
  ],
  [
    'An endpoint that was just deleted under the same name is retried slowly.',
    { status: 404, code: 'InferencingClientCallFailed', message: 'Not Found' },
    'NotYetConsistent',
    'slow',
  ],
  [
    'A workspace that refuses because of its private link is final.',
    {
      status: 403,
      code: 'Forbidden',
      message: 'Access to workspace was denied based on workspace private link configuration',
    },
    'Forbidden',
    'giveUp',
  ],
  [
    'A token of another tenant is final.',
    { status: 401, code: 'InvalidAuthenticationTokenTenant' },
    'Forbidden',
    'giveUp',
  ],
  ['A subscription that is not there is final.', { status: 404, code: 'SubscriptionNotFound' }, 'Forbidden', 'giveUp'],
  [
    'A workspace in legacy mode is final.',
    { code: 'BadRequest', message: 'The workspace has V1LegacyMode == true' },
    'InvalidRequest',
    'giveUp',
  ],
  [
    'An MLflow model that Azure refuses in a private network is final.',
    { code: 'BadArgument', message: 'MLflow model format with private network is unsupported' },
    'InvalidRequest',
    'giveUp',
  ],
  [
    'An image build that may not use the registry is final.',
    { code: 'ImageBuildFailure', message: 'container registry authorization failure', operation: true, status: 200 },
    'ImageBuildFailed',
    'giveUp',
  ],
  [
    'A deployment that does not find what it names is final, though a 404 to a request is not.',
    { code: 'ResourceNotFound', operation: true, status: 200 },
    'InvalidRequest',
    'giveUp',
    'deployment',
  ],
  [
    'A resource that a request does not find is retried for a while.',
    { code: 'ResourceNotFound', status: 404 },
    'NotYetConsistent',
    'retry',
  ],
  [
    'A location without the resource type is final.',
    { code: 'LocationNotAvailableForResourceType' },
    'InvalidRequest',
    'giveUp',
  ],
  ['A storage name that is none is final.', { code: 'AccountNameInvalid' }, 'InvalidRequest', 'giveUp'],
  ['A subnet without a free address is final.', { code: 'SubnetIsFull' }, 'InvalidRequest', 'giveUp'],
  [
    'A subnet whose policies forbid private endpoints is final.',
    { code: 'PrivateEndpointCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled' },
    'InvalidRequest',
    'giveUp',
  ],
  ['A machine image that is not there is final.', { status: 404, code: 'ImageNotFound' }, 'InvalidRequest', 'giveUp'],
  ['A request that ARM calls bad is final.', { status: 400, code: 'Anything' }, 'InvalidRequest', 'giveUp'],
];

export const cases: Case[] = [...knownCases, ...moreCases];
