import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { plannedResource, resourceName } from '../../src/domain/resources.ts';
import type { ResourceKey } from '../../src/domain/resourceKeys.ts';
import {
  attempt,
  createResource,
  deleteResource,
  failureOf,
  keys,
  startEmulatorHarness,
  untilDone,
} from '../activities/emulatorHarness.ts';
import type { EmulatorHarness } from '../activities/emulatorHarness.ts';

let harness: EmulatorHarness;
beforeAll(async () => {
  harness = await startEmulatorHarness();
  await attempt(harness.activities.ensureGroup, { ref: harness.ref, tags: {} });
});
beforeEach(() => harness.control('DELETE', 'faults'));
afterAll(() => harness.close());

const withSuffix = (suffix: string): EmulatorHarness => ({ ...harness, ref: { ...harness.ref, suffix } });
const puts = ({ ref }: EmulatorHarness, key: ResourceKey) =>
  harness.sent('PUT', new RegExp(`${plannedResource(ref, key).id}$`, 'i'));
const fail = (match: object, code: string, message: string, times = 1) =>
  harness.control('POST', 'faults', {
    match: { method: 'PUT', ...match },
    times,
    effect: { failOperation: { code, message } },
  });
async function createAll(own: EmulatorHarness, ...wanted: ResourceKey[]): Promise<void> {
  for (const key of wanted) await createResource(own, key);
}

describe('D12 A workspace that ends with InternalServerError', () => {
  test.each([1, 3])('D12 %i times is purged before each further PUT, and comes up', async (times) => {
    const own = withSuffix(`d12x${times}`);
    await createAll(own, 'logAnalytics', 'applicationInsights', 'storageAccount', 'vault', 'registry');
    await fail(
      { type: 'Microsoft.MachineLearningServices/workspaces' },
      'InternalServerError',
      'InternalServerError',
      times,
    );
    const input = { ref: own.ref, key: 'workspace', readFirst: false, options: {} } as const;
    const { id, token } = await untilDone(harness.activities.beginResource, input);
    const failure = await failureOf(untilDone(harness.activities.observeResource, { id, token }));
    expect(failure).toMatchObject({ type: 'Transient', retryHint: { retry: true } });
    expect(failure.detail.message).toBe(
      'InternalServerError (sent with api-version 2025-12-01 and systemDatastoresAuthMode Identity)',
    );
    expect(failure.detail.remedy).toContain('az provider show --namespace Microsoft.MachineLearningServices');
    await createResource(own, 'workspace', {}, true);
    const deleted = await harness.sent('DELETE', new RegExp(`workspaces/mlw-d12x${times}$`, 'i'));
    expect(deleted.map(({ query }) => query['forceToPurge'])).toEqual(Array(times).fill('true'));
    expect(await puts(own, 'workspace')).toHaveLength(times + 1);
  });
});

describe('Resources that exist', () => {
  beforeAll(async () => {
    await createAll(harness, ...keys);
  }, 60_000);

  test('D07 a resource that is not found after its creation is waited for, with one PUT only', async () => {
    const own = withSuffix('d07late');
    const { id, token } = await untilDone(harness.activities.beginResource, {
      ref: own.ref,
      key: 'natAddress',
      readFirst: false,
      options: {},
    });
    const message = 'Deployment blue not found in endpoint churn1-k3x9a0q7, workspace mlw-k3x9a0q7';
    await harness.control('POST', 'faults', {
      match: { method: 'GET', id },
      times: 2,
      effect: { status: 404, code: 'UserError', message },
    });
    const requested = { ref: own.ref, key: 'natAddress' as const, options: {} };
    const observe = () => attempt(harness.activities.observeResource, { id, token: null, requested });
    for (const _ of [1, 2])
      expect(await failureOf(observe())).toMatchObject({ type: 'NotYetConsistent', nonRetryable: false });
    await untilDone(harness.activities.observeResource, { id, token, requested });
    expect(await puts(own, 'natAddress')).toHaveLength(1);
    await harness.control('POST', 'faults', {
      match: { method: 'GET', id },
      effect: { status: 404, code: 'UserError', message },
    });
    const heartbeatDetails = { attempts: { NotYetConsistent: 59 } };
    const last = attempt(harness.activities.observeResource, { id, token: null, requested }, { heartbeatDetails });
    expect(await failureOf(last)).toMatchObject({ type: 'NotYetConsistent', nonRetryable: true });
  });

  test('A06 a private endpoint refused by a busy storage account is sent again; blob and file end up Approved', async () => {
    const message =
      'Call to Microsoft.Storage/storageAccounts failed. Error message: An operation is currently performing on this storage account that requires exclusive access.';
    const { id } = plannedResource(harness.ref, 'privateEndpoint:file');
    await deleteResource(harness, plannedResource(harness.ref, 'zoneGroup:file').id);
    await deleteResource(harness, id);
    await fail({ id: id.split('/').at(-1)! }, 'StorageAccountOperationInProgress', message);
    const input = { ref: harness.ref, key: 'privateEndpoint:file', readFirst: false, options: {} } as const;
    expect(await untilDone(harness.activities.ensureResource, input)).toEqual({ attempts: 2 });
    await createResource(harness, 'zoneGroup:file');
    await attempt(harness.activities.checkPrivateLinks, { ref: harness.ref });
  });

  test('A14 an identity that was deleted and recreated leaves no role assignment without a principal', async () => {
    const { identities, authorization } = harness.azure.clients(harness.ref.subscriptionId);
    const roles = ['pushImages', 'uploadBlobs', 'listKeys'] as const;
    const grantAll = async () => {
      for (const role of roles) await attempt(harness.activities.grantRole, { ref: harness.ref, role });
    };
    const principals = async () => {
      const found: string[] = [];
      for await (const { principalId } of authorization.roleAssignments.listForResourceGroup('rg-moat-churn1'))
        found.push(principalId ?? '');
      return found;
    };
    await grantAll();
    const former = await principals();
    expect(former).toHaveLength(3);
    const name = resourceName(harness.ref, 'identity');
    await identities.userAssignedIdentities.delete('rg-moat-churn1', name);
    await createResource(harness, 'identity');
    const { principalId } = await identities.userAssignedIdentities.get('rg-moat-churn1', name);
    expect(former).not.toContain(principalId);
    await grantAll();
    expect(await principals()).toEqual([principalId, principalId, principalId]);
  });
});
