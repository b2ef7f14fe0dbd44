import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { plannedResource } from '../../src/domain/resources.ts';
import type { ResourceKey } from '../../src/domain/resourceKeys.ts';
import type { EnsureOptions } from '../../src/activities/resources/resourceType.ts';
import { attempt, failureOf, keys, make, startWorld, untilDone } from './emulatorWorld.ts';
import type { World } from './emulatorWorld.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await attempt(world.activities.ensureGroup, { ref: world.ref, tags: {} });
});
beforeEach(() => world.control('DELETE', 'faults'));
afterAll(() => world.close());

const ensure = (key: ResourceKey, options: EnsureOptions = {}, info: object = {}) =>
  attempt(world.activities.ensureResource, { ref: world.ref, key, readFirst: true, options }, info);

const puts = async (key: ResourceKey) => {
  const { id } = plannedResource(world.ref, key);
  const all = await world.sent('PUT', new RegExp(`${id}$`, 'i'));
  return all.filter(({ status }) => status === null || status < 400);
};

describe('A resource that matches its desired state is not updated:', () => {
  test.each([...keys, 'buildInternetRule'] as const)('%s', async (key) => {
    await make(world, key);
    expect(await ensure(key)).toMatchObject({ token: null, state: 'Succeeded' });
    expect(await puts(key)).toHaveLength(1);
  });
});

describe('A resource that differs from its desired state is updated:', () => {
  test('a workspace whose public access changes', async () => {
    const options = { workspacePublicNetworkAccess: 'enabled' } as const;
    await make(world, 'workspace', options, true);
    expect((await puts('workspace')).at(-1)?.body).toMatchObject({ properties: { publicNetworkAccess: 'Enabled' } });
    await make(world, 'workspace', {}, true);
  });
});

describe('A lost answer leaves one resource and one operation:', () => {
  test.each([
    ['publicIPAddresses', 'natAddress', 'suffix1'],
    ['workspaces (older package)', 'logAnalytics', 'suffix1'],
    ['userAssignedIdentities', 'identity', 'suffix1'],
  ] as const)('%s', async (_name, key, suffix) => {
    const other = { ...world, ref: { ...world.ref, suffix } };
    const { id, type } = plannedResource(other.ref, key);
    await world.control('POST', 'faults', { match: { method: 'PUT', type, id: suffix }, effect: { dropAnswer: true } });
    const input = { ref: other.ref, key, readFirst: false, options: {} };
    expect(await failureOf(attempt(world.activities.ensureResource, input))).toMatchObject({ type: 'Transient' });
    const found = await attempt(world.activities.ensureResource, input, { attempt: 2 });
    if (found.state !== 'Succeeded') await untilDone(world.activities.observeResource, { id, token: found.token });
    expect(await world.sent('PUT', new RegExp(`${id}$`, 'i'))).toHaveLength(1);
  });
});

test('An operation that is already running is polled, not started twice.', async () => {
  const ref = { ...world.ref, suffix: 'stuck1' };
  const type = 'Microsoft.Network/publicIPAddresses';
  await world.control('POST', 'faults', { match: { method: 'PUT', type }, effect: { hangOperation: true } });
  const input = { ref, key: 'natAddress', readFirst: true, options: {} } as const;
  const begun = await attempt(world.activities.ensureResource, input);
  expect(begun.token).not.toBeNull();
  const repeated = await attempt(world.activities.ensureResource, input);
  expect(repeated).toMatchObject({ token: null, state: expect.stringMatching(/Creating|Updating/) as string });

  for (const token of [begun.token, null]) {
    const failure = await failureOf(attempt(world.activities.observeResource, { id: begun.id, token }));
    expect(failure).toMatchObject({ type: 'InProgress', nonRetryable: false, category: 'BENIGN' });
    expect(failure.message).toMatch(/^public IP address of the NAT gateway pip-stuck1: \w+$/);
    expect(failure.nextRetryDelay).toBeGreaterThan(0);
  }
});

const ref = () => ({ ...world.ref, suffix: 'failed1' });
const fail = (type: string, code: string, message = 'no') =>
  world.control('POST', 'faults', { match: { method: 'PUT', type }, effect: { failOperation: { code, message } } });

const begin = (key: ResourceKey, readFirst = false) =>
  untilDone(world.activities.ensureResource, { ref: ref(), key, readFirst, options: {} });

describe('An operation that ends Failed', () => {
  test('is final when the request is invalid, with code and remedy.', async () => {
    await fail('Microsoft.Network/publicIPAddresses', 'PublicIPCountLimitReached');
    const { id, token } = await begin('natAddress');
    let failure = await failureOf(untilDone(world.activities.observeResource, { id, token }));
    expect(failure).toMatchObject({ type: 'Quota', nonRetryable: true });
    expect(failure.detail).toMatchObject({
      code: 'PublicIPCountLimitReached',
      remedy: expect.stringMatching(/list-usages/) as string,
    });
    expect(failure.retryHint).toBeUndefined();
    // A worker without the token sees only that it Failed; a retry shows why.
    failure = await failureOf(attempt(world.activities.observeResource, { id, token: null }));
    expect(failure.retryHint).toMatchObject({ retry: true });
  });

  test('has a retry hint when another operation was in progress, and the retry succeeds.', async () => {
    await fail('Microsoft.Network/publicIPAddresses', 'RetryableErrorDueToAnotherOperation');
    const { id, token } = await begin('natAddress', true);
    const failure = await failureOf(untilDone(world.activities.observeResource, { id, token }));
    expect(failure).toMatchObject({ type: 'Busy', nonRetryable: true, retryHint: { retry: true } });
    await begin('natAddress', true);
    await untilDone(world.activities.observeResource, { id, token: null });
  });

  test('twice in a row is reported both times.', async () => {
    const own = { ...ref(), suffix: 'failed2' };
    const ensureVault = (info: object) =>
      attempt(world.activities.ensureResource, { ref: own, key: 'vault', readFirst: true, options: {} }, info);
    for (let times = 0; times < 2; times++) await fail('Microsoft.KeyVault/vaults', 'InternalServerError');
    const { id, token } = await ensureVault({});
    expect(await failureOf(untilDone(world.activities.observeResource, { id, token }))).toMatchObject({
      retryHint: { retry: true },
    });
    expect(await failureOf(ensureVault({}))).toMatchObject({ type: 'Transient', nonRetryable: false });
    await ensureVault({ attempt: 2 });
    await untilDone(world.activities.observeResource, { id, token: null });
  });

  test('deletes a failed workspace before it is recreated.', async () => {
    const other = { ...world, ref: ref() };
    for (const key of ['logAnalytics', 'storageAccount', 'vault', 'registry'] as const) await make(other, key);
    await make(other, 'applicationInsights');
    await fail('Microsoft.MachineLearningServices/workspaces', 'InternalServerError');
    const { id, token } = await begin('workspace');
    expect(await failureOf(untilDone(world.activities.observeResource, { id, token }))).toMatchObject({
      retryHint: { retry: true },
    });
    await make(other, 'workspace', {}, true);
    const deleted = await world.sent('DELETE', /workspaces\/mlw-failed1$/i);
    expect(deleted).toHaveLength(1);
    expect(deleted[0]).toMatchObject({ query: { forceToPurge: 'true' } });
  });

  test('recreates a virtual machine with the network interface that was deleted with it.', async () => {
    const other = { ...world, ref: ref() };
    for (const key of ['networkSecurityGroup', 'natAddress', 'identity'] as const) await make(other, key);
    for (const key of ['natGateway', 'virtualNetwork', 'networkInterface'] as const) await make(other, key);
    await fail('Microsoft.Compute/virtualMachines', 'OperationCanceled');
    const { id, token } = await begin('virtualMachine');
    expect(await failureOf(untilDone(world.activities.observeResource, { id, token }))).toMatchObject({
      retryHint: { retry: true },
    });
    await make(other, 'virtualMachine', {}, true);
    expect(await world.sent('PUT', /networkInterfaces\/nic-failed1$/i)).toHaveLength(2);
  });

  test('keeps the deployment of an endpoint whose traffic could not be set.', async () => {
    await fail('Microsoft.MachineLearningServices/workspaces/onlineEndpoints', 'InternalServerError');
    const { id, token } = await begin('onlineEndpoint');
    await failureOf(untilDone(world.activities.observeResource, { id, token }));
    const input = { ref: ref(), key: 'onlineEndpoint', readFirst: true, options: { traffic: 100 } } as const;
    const failure = await failureOf(attempt(world.activities.ensureResource, input));
    expect(failure.message).toContain('Traffic names deployment');
    expect(await world.sent('DELETE', /onlineEndpoints/i)).toHaveLength(0);
  });
});
