import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { connectAzure } from '../../src/azure/connectAzure.ts';
import type { Azure } from '../../src/azure/connectAzure.ts';
import type { PollerLike } from '../../src/azure/operations.ts';
import { groupName } from '../../src/domain/naming.ts';
import { resourceName } from '../../src/domain/resources.ts';
import { createResource, startEmulatorHarness, attempt } from '../activities/emulatorHarness.ts';
import type { EmulatorHarness } from '../activities/emulatorHarness.ts';

let harness: EmulatorHarness;
let elsewhere: Azure;
beforeAll(async () => {
  harness = await startEmulatorHarness();
  const { endpoint, ca, timeScale } = harness.connection;
  elsewhere = connectAzure({ kind: 'emulator', endpoint, ca, timeScale }, [harness.ref.subscriptionId]);
  await attempt(harness.activities.ensureGroup, { ref: harness.ref, tags: {} });
  for (const key of ['logAnalytics', 'storageAccount', 'vault', 'registry'] as const)
    await createResource(harness, key);
  await createResource(harness, 'applicationInsights');
  await createResource(harness, 'workspace');
}, 30_000);
afterEach(() => harness.control('DELETE', 'faults'));
afterAll(() => harness.close());

const group = () => groupName(harness.ref);
const location = 'westus2';

/** A long-running call of each SDK generation. */
const generations: { name: string; type: string; start: (azure: Azure, name: string) => PollerLike }[] = [
  {
    name: 'virtual network (newer packages)',
    type: 'Microsoft.Network/virtualNetworks',
    start: (azure, name) =>
      azure.clients(harness.ref.subscriptionId).network.virtualNetworks.createOrUpdate(group(), name, {
        location,
        addressSpace: { addressPrefixes: ['10.1.0.0/16'] },
      }),
  },
  {
    name: 'online endpoint (older packages)',
    type: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints',
    start: (azure, name) =>
      azure
        .clients(harness.ref.subscriptionId)
        .machineLearning.onlineEndpoints.beginCreateOrUpdate(group(), resourceName(harness.ref, 'workspace'), name, {
          location,
          identity: { type: 'SystemAssigned' },
          properties: { authMode: 'Key', publicNetworkAccess: 'Disabled' },
        }),
  },
];

async function pollUntilDone(azure: Azure, token: string): Promise<void> {
  for (;;) {
    const result = await azure.operations.poll(token);
    if (result.done) return;
    await new Promise((resolve) => setTimeout(resolve, result.retryAfterMs));
  }
}

describe.each(generations)('A long operation on a $name', ({ type, start }) => {
  let n = 0;
  const next = () => `example-${type.length}-${(n += 1)}`;

  test('is begun by one process and polled by another.', async () => {
    const { token } = await harness.azure.operations.begin(() => start(harness.azure, next()));
    await pollUntilDone(elsewhere, token!);
  });

  test('reports its status and Retry-After while it is running.', async () => {
    await harness.control('POST', 'faults', { match: { method: 'PUT', type }, effect: { hangOperation: true } });
    const { token, retryAfterMs } = await harness.azure.operations.begin(() => start(harness.azure, next()));
    const result = await elsewhere.operations.poll(token!);
    expect(result).toMatchObject({ done: false, status: expect.stringMatching(/./) as string });
    expect(retryAfterMs).toBeGreaterThan(0);
  });

  test('that ends Failed has ARM’s error.', async () => {
    const error = {
      code: 'AllocationFailed',
      message: 'no room',
      details: [{ code: 'Inner', message: 'none at all' }],
    };
    await harness.control('POST', 'faults', { match: { method: 'PUT', type }, effect: { failOperation: error } });
    const { token } = await harness.azure.operations.begin(() => start(harness.azure, next()));
    const failed = pollUntilDone(elsewhere, token!);
    const thrown = await failed.then(
      () => undefined,
      (caught: unknown) => elsewhere.errorOf(caught),
    );
    expect(thrown).toMatchObject({
      operation: true,
      code: 'AllocationFailed',
      message: 'no room',
      details: [{ code: 'Inner', message: 'none at all' }],
      correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
  });

  test('continues with the same token after a poll that failed with 503.', async () => {
    const { token } = await harness.azure.operations.begin(() => start(harness.azure, next()));
    const down = { status: 503, code: 'ServiceUnavailable', message: 'later' };
    await harness.control('POST', 'faults', { match: { method: 'GET', action: 'poll' }, effect: down, times: 4 });
    const thrown = await elsewhere.operations.poll(token!).catch((error: unknown) => elsewhere.errorOf(error));
    expect(thrown).toMatchObject({ operation: false, status: 503 });
    await pollUntilDone(elsewhere, token!);
  });

  test('is not lost when the first poll fails within begin.', async () => {
    const down = { status: 503, code: 'ServiceUnavailable', message: 'later' };
    await harness.control('POST', 'faults', { match: { method: 'GET', action: 'poll' }, effect: down, times: 4 });
    const { token } = await harness.azure.operations.begin(() => start(harness.azure, next()));
    await harness.control('DELETE', 'faults');
    await pollUntilDone(elsewhere, token!);
  });

  test('that ARM refuses fails in begin with ARM’s code.', async () => {
    const refusal = {
      status: 409,
      code: 'AnotherOperationInProgress',
      message: 'wait',
      headers: { 'retry-after': '7' },
    };
    await harness.control('POST', 'faults', { match: { method: 'PUT', type }, effect: refusal });
    const begun = harness.azure.operations.begin(() => start(harness.azure, next()));
    const thrown = await begun.catch((error: unknown) => harness.azure.errorOf(error));
    expect(thrown).toMatchObject({ code: 'AnotherOperationInProgress', status: 409, retryAfterMs: 7000 });
  });
});

test('A resume token for another host is rejected before anything is sent.', async () => {
  const { token } = await harness.azure.operations.begin(() => generations[0]!.start(harness.azure, 'example-host'));
  const forged = token!.replaceAll(/https:\/\/localhost:\d+/g, 'https://localhost.example.com');
  await expect(harness.azure.operations.poll(forged)).rejects.toThrow('does not belong');
});

test('A request that completes at once has no token.', async () => {
  const begun = await harness.azure.operations.begin(() =>
    harness.azure
      .clients(harness.ref.subscriptionId)
      .identities.userAssignedIdentities.createOrUpdate(group(), 'uai-sync', { location }),
  );
  expect(begun.token).toBeNull();
});
