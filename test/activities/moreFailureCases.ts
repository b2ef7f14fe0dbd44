import type { Case } from './failureCases.ts';

const operation = { operation: true, status: 200 } as const;

/** The error rows of the review of July 2026, and variants of rows by resource. */
export const moreCases: Case[] = [
  [
    'a container crashes',
    { ...operation, message: 'User container has crashed or terminated' },
    'DeploymentUnhealthy',
    'giveUp',
  ],
  [
    'a quota does not suffice for the deployment',
    {
      message:
        'Not enough quota available for x in SubscriptionId y. Current usage/limit: 0/6. Additional needed: 8 Please',
    },
    'Quota',
    'giveUp',
  ],
  ['a new identity is not visible yet', { code: 'FailedIdentityOperation' }, 'NotYetConsistent', 'retry'],
  [
    'a location is closed to new customers',
    { status: 403, code: 'RequestDisallowedByAzure' },
    'PolicyDenied',
    'giveUp',
  ],
  [
    'the target of a private endpoint is not replicated yet',
    { ...operation, code: 'ResourceNotFound' },
    'NotYetConsistent',
    'retry',
    'privateEndpoint:vault',
  ],
  [
    'the workspace refuses a caller outside of its private link',
    {
      status: 403,
      code: 'UserError',
      message:
        'User is not authorized to access provided resources due to none of the workspaces/registries are accessible from outside of the designated private link..',
    },
    'Forbidden',
    'giveUp',
  ],
  [
    'the subscription has no public address left',
    { code: 'IPv4StandardSkuPublicIpCountLimitReached' },
    'Quota',
    'giveUp',
  ],
  ['the tenant has no role definition left', { code: 'RoleDefinitionLimitExceeded' }, 'Quota', 'giveUp'],
  ['another role has the name', { status: 409, code: 'RoleDefinitionWithSameNameExists' }, 'NameTaken', 'giveUp'],
  ['the subscription is disabled', { status: 409, code: 'ReadOnlyDisabledSubscription' }, 'Forbidden', 'giveUp'],
  ['the location does not have the api-version', { code: 'InvalidApiVersionParameter' }, 'InvalidRequest', 'giveUp'],
  ['the location does not have the resource type', { code: 'InvalidResourceType' }, 'InvalidRequest', 'giveUp'],
  ['the container is not ready', { ...operation, code: 'ResourceNotReady' }, 'DeploymentUnhealthy', 'giveUp'],
  ['a machine finds no room', { code: 'AllocationFailed' }, 'Capacity', 'slow', 'virtualMachine'],
  [
    'a core quota does not suffice for the machine',
    {
      status: 409,
      code: 'OperationNotAllowed',
      message:
        'Operation could not be completed as it results in exceeding approved standardDSv5Family Cores quota. Additional details - Deployment Model: Resource Manager, Location: westus2, Current Limit: 4, Current Usage: 4, Additional Required: 2, (Minimum) New Limit Required: 6.',
    },
    'Quota',
    'giveUp',
  ],
  [
    'a size has no capacity',
    { status: 409, code: 'SkuNotAvailable', message: 'Capacity Restrictions: x' },
    'Capacity',
    'slow',
  ],
  [
    'a size has no capacity for the machine',
    { status: 409, code: 'SkuNotAvailable', message: 'Capacity Restrictions: x' },
    'Capacity',
    'slow',
    'virtualMachine',
  ],
  [
    'a size is not offered for the machine',
    { status: 409, code: 'SkuNotAvailable' },
    'Capacity',
    'giveUp',
    'virtualMachine',
  ],
  [
    'zones are denied by policy',
    { status: 403, code: 'RequestDisallowedByPolicy' },
    'PolicyDenied',
    'giveUp',
    'zone:privatelink.azurecr.io',
  ],
  [
    'the storage account has no keys',
    { status: 403, code: 'KeyBasedAuthenticationNotPermitted' },
    'PolicyDenied',
    'giveUp',
  ],
  [
    'the caller may not write roles',
    {
      status: 403,
      code: 'AuthorizationFailed',
      message: "perform action 'Microsoft.Authorization/roleAssignments/write'",
    },
    'Forbidden',
    'giveUp',
  ],
  ['a name has a reserved word', { code: 'ReservedResourceName' }, 'InvalidRequest', 'giveUp'],
  ['a deployment timed out', { status: 504, code: 'DeploymentTimedOut' }, 'Stuck', 'giveUp'],
  ['a deployment has no code', { code: 'MissingDriverProgram' }, 'InvalidRequest', 'giveUp'],
  ['a resource is not in a terminal state', { message: 'Resource not in terminal state.' }, 'Busy', 'wait'],
  [
    'a deployment is not found at once',
    { status: 404, code: 'UserError', message: 'Deployment blue not found in endpoint e' },
    'NotYetConsistent',
    'retry',
  ],
  [
    'a role is not effective yet',
    { status: 403, message: 'please observe propagation time' },
    'NotYetConsistent',
    'slow',
  ],
  ['a workspace fails inside Azure', { ...operation, code: 'InternalServerError' }, 'Transient', 'retry', 'workspace'],
  ['a group cannot be deleted', { ...operation, code: 'ResourceGroupDeletionBlocked' }, 'Blocked', 'retry'],
  ['a request has an invalid parameter', { code: 'InvalidParameter' }, 'InvalidRequest', 'giveUp'],
];
