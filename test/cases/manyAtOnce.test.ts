import { afterAll, beforeAll, expect, test } from 'vitest';
import { createActivities } from '../../src/activities/index.ts';
import { connectAzure } from '../../src/azure/connectAzure.ts';
import { attempt, createResource, startEmulatorHarness } from '../activities/emulatorHarness.ts';
import type { EmulatorHarness } from '../activities/emulatorHarness.ts';

/** A tenth of Azure's time: ARM's buckets refill ten times as fast, and 320 writes at once are more than one holds. */
const timeScale = 1 / 10;
let harness: EmulatorHarness;
beforeAll(async () => {
  harness = await startEmulatorHarness({ timeScale });
  await harness.control('PUT', 'throttling', { enabled: true });
  await attempt(harness.activities.ensureGroup, { ref: harness.ref, tags: {} });
});
afterAll(() => harness.close());

const first = [
  'networkSecurityGroup',
  'natAddress',
  'identity',
  'logAnalytics',
  'storageAccount',
  'vault',
  'registry',
] as const;

/** A second worker of the same installation, with its own connection. */
function secondWorker(): EmulatorHarness {
  const { endpoint, ca } = harness.connection;
  const azure = connectAzure({ kind: 'emulator', endpoint, ca, timeScale }, [harness.ref.subscriptionId]);
  const deps = { azure, sealKey: 'a key of the tests', allowPrivateRepositories: false };
  return { ...harness, activities: { ...harness.activities, ...createActivities(deps) } };
}

test('P10 what 40 environments create first, at once by two workers, all succeeds within ARM’s budget', async () => {
  const workers = [harness, secondWorker()];
  const created = await Promise.allSettled(
    Array.from({ length: 40 }, (_, n) => {
      const own = { ...workers[n % 2]!, ref: { ...harness.ref, suffix: `p10x${n}` } };
      return Promise.all(first.map((key) => createResource(own, key)));
    }),
  );
  expect(created.filter(({ status }) => status === 'rejected')).toEqual([]);
  const { taken, refused } = (await harness.control('GET', 'throttling')) as { taken: number; refused: number };
  expect(taken).toBeGreaterThan(40 * first.length * 2);
  expect(refused / taken).toBeLessThan(0.05);
}, 120_000);
