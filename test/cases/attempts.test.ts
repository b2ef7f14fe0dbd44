import { ActivityCancellationDetails } from '@temporalio/common';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { plannedResource } from '../../src/domain/resources.ts';
import type { ResourceKey } from '../../src/domain/resourceKeys.ts';
import {
  activityEnvironment,
  attempt,
  createResource,
  failureOf,
  startEmulatorHarness,
  untilDone,
} from '../activities/emulatorHarness.ts';
import type { EmulatorHarness } from '../activities/emulatorHarness.ts';

/** Temporal does not stop the code of an attempt that it gives up, so the attempt must not write beside its successor. */
let harness: EmulatorHarness;
const before: ResourceKey[] = [
  'networkSecurityGroup',
  'natAddress',
  'natGateway',
  'logAnalytics',
  'applicationInsights',
  'storageAccount',
  'registry',
];
beforeAll(async () => {
  harness = await startEmulatorHarness();
  await attempt(harness.activities.ensureGroup, { ref: harness.ref, tags: {} });
  for (const key of before) await createResource(harness, key);
});
beforeEach(() => harness.control('DELETE', 'faults'));
afterAll(() => harness.close());

interface Put {
  status: number | null;
  correlationId: string;
}
const puts = (key: ResourceKey) =>
  harness.sent('PUT', new RegExp(`${plannedResource(harness.ref, key).id}$`, 'i')) as unknown as Promise<Put[]>;

const runId = '00000000-0000-4000-8000-00000000000a';
const input = (key: ResourceKey, readFirst = false) => ({ ref: harness.ref, key, readFirst, options: {} });

// The workspace is created between the vault, which it needs, and the endpoint.
test.each(['virtualNetwork', 'vault', 'workspace', 'onlineEndpoint'] as const)(
  'P07 an attempt ends its PUT of the %s before its timeout, and the late PUT is harmless',
  async (key) => {
    const { id, type } = plannedResource(harness.ref, key);
    // ARM executes the request one second later, when the attempt has been given up
    await harness.control('POST', 'faults', { match: { method: 'PUT', type }, effect: { delaySeconds: 5_000 } });
    const first = attempt(harness.activities.beginResource, input(key), {
      startToCloseTimeoutMs: 500,
      workflowExecution: { workflowId: 'provision', runId },
    });
    expect(await failureOf(first)).toMatchObject({
      type: 'Transient',
      nonRetryable: false,
      message: 'no answer before the deadline of the attempt',
    });
    const { token, state } = await untilDone(harness.activities.beginResource, input(key, true));
    if (state !== 'Succeeded') await untilDone(harness.activities.observeResource, { id, token });
    await expect.poll(async () => (await puts(key)).map(({ correlationId }) => correlationId)).toContain(runId);
    await untilDone(harness.activities.observeResource, { id, token: null });
    const sent = await puts(key);
    expect(sent.filter(({ correlationId }) => correlationId === runId)).toHaveLength(1);
    // at most one more: the successor may also find the resource of the late PUT
    expect(sent.length).toBeLessThanOrEqual(2);
    expect(await attempt(harness.activities.beginResource, input(key, true))).toMatchObject({ state: 'Succeeded' });
  },
);

test('P07 an attempt whose heartbeats were lost ends its PUT at once', async () => {
  const type = 'Microsoft.ManagedIdentity/userAssignedIdentities';
  await harness.control('POST', 'faults', { match: { method: 'PUT', type }, effect: { delaySeconds: 1_000_000 } });
  const env = activityEnvironment();
  const run = env.run(harness.activities.beginResource, input('identity'));
  await expect
    .poll(async () => ((await harness.control('GET', 'faults')) as { hits: number }[]).map(({ hits }) => hits))
    .toEqual([1]);
  env.cancel('TIMED_OUT', new ActivityCancellationDetails({ timedOut: true }));
  await expect(run).rejects.toThrow('TIMED_OUT');
});
