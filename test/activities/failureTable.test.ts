import { describe, expect, test } from 'vitest';
import { classify } from '../../src/activities/failureTable.ts';
import type { Action } from '../../src/activities/failureTable.ts';
import type { ArmError } from '../../src/azure/errors.ts';
import type { FailureType } from '../../src/domain/failures.ts';

const error = (more: Partial<ArmError>): ArmError => ({
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

type Row = [sentence: string, error: Partial<ArmError>, type: FailureType, action: Action];

const rows: Row[] = [
  [
    'An operation that failed without saying why is begun again.',
    { status: 200, code: 'OperationFailed', operation: true },
    'Unknown',
    'retry',
  ],
  ['Being throttled is waited out.', { status: 429, code: 'TooManyRequests' }, 'Throttled', 'wait'],
  [
    'A 429 that names a locked target is no throttling.',
    { status: 429, code: 'RetryableErrorDueToAnotherOperation' },
    'Busy',
    'wait',
  ],
  [
    'A resource that depends on one still being updated is waited for, though the code is nested.',
    { code: 'OperationFailed', details: [{ code: 'ReferencedResourceNotProvisioned', message: 'PutSubnetOperation' }] },
    'Busy',
    'wait',
  ],
  [
    'Another operation on the resource is waited for.',
    { status: 409, code: 'AnotherOperationInProgress' },
    'Busy',
    'wait',
  ],
  [
    'A storage account that is busy while a private endpoint is made is waited for.',
    { code: 'StorageAccountOperationInProgress' },
    'Busy',
    'wait',
  ],
  ['A group that is being deleted is waited for.', { status: 409, code: 'ResourceGroupBeingDeleted' }, 'Busy', 'wait'],
  [
    'A network interface that is still reserved for its machine is waited for.',
    { code: 'NicReservedForAnotherVm' },
    'Busy',
    'wait',
  ],
  [
    'A machine marked for deletion is waited for.',
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
  ['A subnet that is still in use is waited for.', { code: 'InUseSubnetCannotBeDeleted' }, 'Busy', 'wait'],
  [
    'A zone whose links are just being removed is waited for.',
    { status: 409, code: 'CannotDeleteResource', message: 'Cannot delete resource while nested resources exist.' },
    'Busy',
    'wait',
  ],
  [
    'A conflict that nobody knows is tried again for a while.',
    { status: 409, code: 'SomethingNew' },
    'Unknown',
    'retry',
  ],
  ['A principal that is not visible yet is tried again.', { code: 'PrincipalNotFound' }, 'NotYetConsistent', 'retry'],
  [
    'A parent that is not visible yet is tried again.',
    { status: 404, code: 'ParentResourceNotFound' },
    'NotYetConsistent',
    'retry',
  ],
  [
    'A deployment whose identity has no rights yet is made anew.',
    { code: 'BadArgument', message: 'Startup task failed due to authorization error' },
    'NotYetConsistent',
    'recreate',
  ],
  [
    'A deployment that could not get at its secrets is made anew.',
    { code: 'SecretsInjectionError' },
    'NotYetConsistent',
    'recreate',
  ],
  ['A machine that finds no room is tried again slowly.', { code: 'AllocationFailed' }, 'Capacity', 'slow'],
  [
    'A region without room for the deployment is tried again slowly.',
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
  ['A lock is told as what blocks.', { status: 409, code: 'ScopeLocked' }, 'Blocked', 'giveUp'],
  ['What policy forbids is final.', { status: 403, code: 'RequestDisallowedByPolicy' }, 'PolicyDenied', 'giveUp'],
  ['A missing right is final.', { status: 403, code: 'AuthorizationFailed' }, 'Forbidden', 'giveUp'],
  ['A failed sign-in is final.', { status: null, signIn: true }, 'Forbidden', 'giveUp'],
  [
    'A vault name held by a deleted vault is told as that.',
    { status: 409, code: 'ConflictError', message: 'A vault with the same name already exists in deleted state.' },
    'SoftDeleted',
    'giveUp',
  ],
  [
    'A workspace name held by a deleted workspace is told as that.',
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
  ['A container that does not come up is final.', { code: 'ResourceNotReady' }, 'DeploymentUnhealthy', 'giveUp'],
  ['An image that Azure could not build is final.', { code: 'ImageBuildFailure' }, 'ImageBuildFailed', 'giveUp'],
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
    'A property that cannot be changed is final.',
    { status: 409, code: 'PropertyChangeNotAllowed' },
    'InvalidRequest',
    'giveUp',
  ],
  [
    'A cancelled operation is sent again.',
    { code: 'OperationCanceled', operation: true, status: 200 },
    'Transient',
    'retry',
  ],
  ['Trouble inside Azure is tried again.', { status: 500, code: 'InternalServerError' }, 'Transient', 'retry'],
  ['A 503 without a known code is tried again.', { status: 503 }, 'Transient', 'retry'],
  ['A broken connection is tried again.', { status: 0, code: 'ECONNRESET' }, 'Transient', 'retry'],
  ['A 404 on the way is tried again for a while.', { status: 404, code: 'NotFound' }, 'NotYetConsistent', 'retry'],
  ['A request that ARM calls bad is final.', { status: 400, code: 'Anything' }, 'InvalidRequest', 'giveUp'],
];

describe('What ARM says decides what is done:', () => {
  test.each(rows)('%s', (_sentence, told, type, action) => {
    expect(classify(error(told))).toMatchObject({ type, action });
  });
});

test('Whatever is final, and can be helped, comes with what to do.', () => {
  for (const [, told, type, action] of rows) {
    if (action !== 'giveUp' || type === 'InvalidRequest') continue;
    expect(classify(error(told)).remedy, JSON.stringify(told)).not.toBe('');
  }
});
