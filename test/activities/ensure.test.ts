import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { plannedResource } from '../../src/domain/resources.ts';
import type { ResourceKey } from '../../src/domain/resourceKeys.ts';
import type { EnsureOptions } from '../../src/activities/resources/resourceType.ts';
import { attempt, createResource, failureOf, keys, startProvisionedHarness, untilDone } from './emulatorHarness.ts';
import type { EmulatorHarness } from './emulatorHarness.ts';

let harness: EmulatorHarness;
beforeAll(async () => {
  harness = await startProvisionedHarness();
  await createResource(harness, 'buildInternetRule');
});
beforeEach(() => harness.control('DELETE', 'faults'));
afterAll(() => harness.close());

/** The harness with another suffix, so that a test has its own resources. */
const withSuffix = (suffix: string) => ({ ...harness, ref: { ...harness.ref, suffix } });

const ensure = (key: ResourceKey, options: EnsureOptions = {}, info: object = {}) =>
  attempt(harness.activities.beginResource, { ref: harness.ref, key, readFirst: true, options }, info);

const puts = async (key: ResourceKey) => {
  const { id } = plannedResource(harness.ref, key);
  const all = await harness.sent('PUT', new RegExp(`${id}$`, 'i'));
  return all.filter(({ status }) => status === null || status < 400);
};

describe('A resource that matches its desired state is not updated:', () => {
  test.each([...keys, 'buildInternetRule'] as const)('%s', async (key) => {
    const before = await puts(key);
    expect(before).not.toEqual([]);
    expect(await ensure(key)).toMatchObject({ token: null, state: 'Succeeded' });
    expect(await puts(key)).toHaveLength(before.length);
  });
});

describe('A resource that differs from its desired state is updated:', () => {
  test('a workspace whose public access changes', async () => {
    const options = { workspacePublicNetworkAccess: 'enabled' } as const;
    await createResource(harness, 'workspace', options, true);
    expect((await puts('workspace')).at(-1)?.body).toMatchObject({ properties: { publicNetworkAccess: 'Enabled' } });
    await createResource(harness, 'workspace', {}, true);
  });
});

describe('A lost answer leaves one resource and one operation:', () => {
  test.each([
    ['publicIPAddresses', 'natAddress', 'suffix1'],
    ['workspaces (older package)', 'logAnalytics', 'suffix1'],
    ['userAssignedIdentities', 'identity', 'suffix1'],
  ] as const)('%s', async (_name, key, suffix) => {
    const { ref } = withSuffix(suffix);
    const { id, type } = plannedResource(ref, key);
    await harness.control('POST', 'faults', {
      match: { method: 'PUT', type, id: suffix },
      effect: { dropAnswer: true },
    });
    const input = { ref, key, readFirst: false, options: {} };
    expect(await failureOf(attempt(harness.activities.beginResource, input))).toMatchObject({ type: 'Transient' });
    const found = await attempt(harness.activities.beginResource, input, { attempt: 2 });
    if (found.state !== 'Succeeded') await untilDone(harness.activities.observeResource, { id, token: found.token });
    expect(await harness.sent('PUT', new RegExp(`${id}$`, 'i'))).toHaveLength(1);
  });
});

test('An operation that is already running is polled, not started twice.', async () => {
  const { ref } = withSuffix('stuck1');
  const type = 'Microsoft.Network/publicIPAddresses';
  await harness.control('POST', 'faults', { match: { method: 'PUT', type }, effect: { hangOperation: true } });
  const input = { ref, key: 'natAddress', readFirst: true, options: {} } as const;
  const begun = await attempt(harness.activities.beginResource, input);
  expect(begun.token).not.toBeNull();
  const repeated = await attempt(harness.activities.beginResource, input);
  expect(repeated).toMatchObject({ token: null, state: expect.stringMatching(/Creating|Updating/) as string });

  for (const token of [begun.token, null]) {
    const failure = await failureOf(attempt(harness.activities.observeResource, { id: begun.id, token }));
    expect(failure).toMatchObject({ type: 'InProgress', nonRetryable: false, category: 'BENIGN' });
    expect(failure.message).toMatch(/^public IP address of the NAT gateway pip-stuck1: \w+$/);
    expect(failure.nextRetryDelay).toBeGreaterThan(0);
  }
});

async function createWorkspaceDependencies(own: EmulatorHarness): Promise<void> {
  for (const key of ['logAnalytics', 'storageAccount', 'vault', 'registry', 'applicationInsights'] as const)
    await createResource(own, key);
}

const fail = (type: string, code: string, message = 'no') =>
  harness.control('POST', 'faults', { match: { method: 'PUT', type }, effect: { failOperation: { code, message } } });

const begin = ({ activities, ref }: EmulatorHarness, key: ResourceKey, readFirst = false) =>
  untilDone(activities.beginResource, { ref, key, readFirst, options: {} });

describe('An operation that ends Failed', () => {
  test('is final when the request is invalid, with code and remedy.', async () => {
    await fail('Microsoft.Network/publicIPAddresses', 'PublicIPCountLimitReached');
    const { id, token } = await begin(withSuffix('invalid1'), 'natAddress');
    let failure = await failureOf(untilDone(harness.activities.observeResource, { id, token }));
    expect(failure).toMatchObject({ type: 'Quota', nonRetryable: true });
    expect(failure.detail).toMatchObject({
      code: 'PublicIPCountLimitReached',
      remedy: expect.stringMatching(/az network public-ip list/) as string,
    });
    expect(failure.retryHint).toBeUndefined();
    // A worker without the token sees only that it Failed; a retry shows why.
    failure = await failureOf(attempt(harness.activities.observeResource, { id, token: null }));
    expect(failure.retryHint).toMatchObject({ retry: true });
  });

  test('has a retry hint when another operation was in progress, and the retry succeeds.', async () => {
    await fail('Microsoft.Network/publicIPAddresses', 'RetryableErrorDueToAnotherOperation');
    const own = withSuffix('busy1');
    const { id, token } = await begin(own, 'natAddress', true);
    const failure = await failureOf(untilDone(harness.activities.observeResource, { id, token }));
    expect(failure).toMatchObject({ type: 'Busy', nonRetryable: true, retryHint: { retry: true } });
    await begin(own, 'natAddress', true);
    await untilDone(harness.activities.observeResource, { id, token: null });
  });

  test('twice in a row is reported both times.', async () => {
    const { ref } = withSuffix('twice1');
    const ensureVault = (info: object) =>
      attempt(harness.activities.beginResource, { ref, key: 'vault', readFirst: true, options: {} }, info);
    for (let times = 0; times < 2; times++) await fail('Microsoft.KeyVault/vaults', 'InternalServerError');
    const { id, token } = await ensureVault({});
    expect(await failureOf(untilDone(harness.activities.observeResource, { id, token }))).toMatchObject({
      retryHint: { retry: true },
    });
    expect(await failureOf(ensureVault({}))).toMatchObject({ type: 'Transient', nonRetryable: false });
    await ensureVault({ attempt: 2 });
    await untilDone(harness.activities.observeResource, { id, token: null });
  });

  test('deletes a failed workspace before it is recreated.', async () => {
    const own = withSuffix('failed1');
    await createWorkspaceDependencies(own);
    await fail('Microsoft.MachineLearningServices/workspaces', 'InternalServerError');
    const { id, token } = await begin(own, 'workspace');
    expect(await failureOf(untilDone(harness.activities.observeResource, { id, token }))).toMatchObject({
      retryHint: { retry: true },
    });
    await createResource(own, 'workspace', {}, true);
    const deleted = await harness.sent('DELETE', /workspaces\/mlw-failed1$/i);
    expect(deleted).toHaveLength(1);
    expect(deleted[0]).toMatchObject({ query: { forceToPurge: 'true' } });
  });

  test('recreates a virtual machine with the network interface that was deleted with it.', async () => {
    const own = withSuffix('failed2');
    for (const key of ['networkSecurityGroup', 'natAddress', 'identity'] as const) await createResource(own, key);
    for (const key of ['natGateway', 'virtualNetwork', 'networkInterface'] as const) await createResource(own, key);
    await fail('Microsoft.Compute/virtualMachines', 'OperationCanceled');
    const { id, token } = await begin(own, 'virtualMachine');
    expect(await failureOf(untilDone(harness.activities.observeResource, { id, token }))).toMatchObject({
      retryHint: { retry: true },
    });
    await createResource(own, 'virtualMachine', {}, true);
    expect(await harness.sent('PUT', /networkInterfaces\/nic-failed2$/i)).toHaveLength(2);
  });

  test('keeps the deployment of an endpoint whose traffic could not be set.', async () => {
    const own = withSuffix('traffic1');
    await createWorkspaceDependencies(own);
    await createResource(own, 'workspace');
    await fail('Microsoft.MachineLearningServices/workspaces/onlineEndpoints', 'InternalServerError');
    const { id, token } = await begin(own, 'onlineEndpoint');
    await failureOf(untilDone(harness.activities.observeResource, { id, token }));
    const input = { ref: own.ref, key: 'onlineEndpoint', readFirst: true, options: { traffic: 100 } } as const;
    const failure = await failureOf(attempt(harness.activities.beginResource, input));
    expect(failure.message).toContain('Traffic names deployment');
    expect(await harness.sent('DELETE', /onlineEndpoints/i)).toHaveLength(0);
  });
});
