import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createActivities } from '../../src/activities/index.ts';
import { unusablePublicKey } from '../../src/activities/resources/sshPublicKey.ts';
import { connectAzure } from '../../src/azure/connectAzure.ts';
import { plannedResource } from '../../src/domain/resources.ts';
import type { ResourceKey } from '../../src/domain/resourceKeys.ts';
import {
  activityEnvironment,
  attempt,
  createResource,
  failureOf,
  startEmulatorHarness,
  untilDone,
} from './emulatorHarness.ts';
import type { EmulatorHarness } from './emulatorHarness.ts';

/** One activity starts an operation and polls it: its attempts pass the operation on in the heartbeat details. */
let harness: EmulatorHarness;
beforeAll(async () => {
  harness = await startEmulatorHarness();
  await attempt(harness.activities.ensureGroup, { ref: harness.ref, tags: {} });
});
beforeEach(async () => {
  await harness.control('DELETE', 'faults');
  await harness.control('DELETE', 'requests');
});
afterAll(() => harness.close());

const type = 'Microsoft.Network/publicIPAddresses';
const addressOf = (suffix: string, readFirst = false) => {
  const ref = { ...harness.ref, suffix };
  const key: ResourceKey = 'natAddress';
  return { input: { ref, key, readFirst, options: {} }, id: plannedResource(ref, key).id };
};

interface Details {
  started?: { token: string | null; state: string };
  busySince?: number;
  tried?: number;
}

/** The failure of one attempt, and what it passes to the next. */
async function attemptOnce<Input>(
  activity: (input: Input) => Promise<unknown>,
  input: Input,
  info: { attempt?: number; heartbeatDetails?: unknown } = {},
) {
  const env = activityEnvironment(info);
  let details: Details = {};
  env.on('heartbeat', (sent: Details) => (details = sent));
  return { failure: await failureOf(env.run(activity, input)), details };
}

const fault = (effect: object, times = 1) =>
  harness.control('POST', 'faults', { match: { method: 'PUT', type }, effect, times });

const puts = async (id: string): Promise<number> => (await harness.sent('PUT', new RegExp(`${id}$`, 'i'))).length;
/** Requests that ARM answered, so far. */
const answered = async () => ((await harness.control('GET', 'throttling')) as { taken: number }).taken;

test('An operation that one worker started is polled by another, with one PUT and one read at its end.', async () => {
  const { input, id } = addressOf('handover1');
  const before = await answered();
  const { failure, details } = await attemptOnce(harness.activities.ensureResource, input);
  expect(failure).toMatchObject({ type: 'InProgress', nonRetryable: false, category: 'BENIGN' });
  expect(failure.nextRetryDelay).toBeGreaterThan(0);
  expect(details).toMatchObject({ started: { id, state: 'Creating' }, tried: 1 });

  const { endpoint, ca, timeScale } = harness.connection;
  const azure = connectAzure({ kind: 'emulator', endpoint, ca, timeScale }, [harness.ref.subscriptionId]);
  const other = createActivities({ azure, sealKey: 'a key of the tests', allowPrivateRepositories: false });
  let polls = 0;
  const poll = async () => {
    polls += 1;
    return activityEnvironment({ attempt: 2, heartbeatDetails: details }).run(other.ensureResource, input);
  };
  await expect.poll(() => poll().catch(() => 'running')).toEqual({});
  expect(await puts(id)).toBe(1);
  expect((await answered()) - before).toBe(1 + polls + 1);
});

test('An operation whose worker was lost before it reported the token is found by a read, not started twice.', async () => {
  const { input, id } = addressOf('lostworker1');
  await attemptOnce(harness.activities.ensureResource, input);
  await untilDone(harness.activities.ensureResource, { ...input, readFirst: true });
  expect(await puts(id)).toBe(1);
});

test('An operation that ended Failed for a transient reason is started again, and the result counts the attempts.', async () => {
  const { input, id } = addressOf('again1');
  await fault({ failOperation: { code: 'InternalServerError', message: 'later' } });
  expect(await untilDone(harness.activities.ensureResource, input)).toEqual({ attempts: 2 });
  expect(await puts(id)).toBe(2);
});

test('The fifth operation that ended Failed is the last, and its failure counts the attempts.', async () => {
  const { input, id } = addressOf('fifth1');
  await fault({ failOperation: { code: 'InternalServerError', message: 'later' } }, 5);
  const failure = await failureOf(untilDone(harness.activities.ensureResource, input));
  expect(failure).toMatchObject({ type: 'Transient', nonRetryable: true, detail: { attempts: 5 } });
  expect(await puts(id)).toBe(5);
});

test('What an attempt passes on has no part of a request or an answer.', async () => {
  await createResource(harness, 'networkSecurityGroup');
  for (const one of ['natAddress', 'identity', 'natGateway', 'virtualNetwork', 'networkInterface'] as const)
    await createResource(harness, one);
  const options = { vmSize: 'Standard_D2s_v5', diskGb: 64, sshPublicKey: await unusablePublicKey() };
  const input = { ref: harness.ref, key: 'virtualMachine' as const, readFirst: false, options };
  const { details } = await attemptOnce(harness.activities.ensureResource, input);
  const text = JSON.stringify(details);
  expect(text).toContain('operationLocation');
  expect(text).not.toMatch(/ssh-rsa|authorization|bearer|hardwareProfile|osProfile/i);
});

test('The longer an operation runs, the longer is the time between two polls.', async () => {
  const own = await startEmulatorHarness({ timeScale: 1 });
  try {
    await attempt(own.activities.ensureGroup, { ref: own.ref, tags: {} });
    const input = { ref: own.ref, key: 'natAddress' as const, readFirst: false, options: {} };
    const { details } = await attemptOnce(own.activities.ensureResource, input);
    const polledAfter = async (minutes: number) => {
      const heartbeatDetails = { ...details, busySince: Date.now() - 60_000 * minutes };
      const { failure } = await attemptOnce(own.activities.ensureResource, input, { attempt: 2, heartbeatDetails });
      expect(failure.type).toBe('InProgress');
      return Number(failure.nextRetryDelay);
    };
    expect(await polledAfter(0)).toBeLessThanOrEqual(10_000);
    expect(await polledAfter(2.5)).toBeGreaterThanOrEqual(12_000);
    expect(await polledAfter(20)).toBe(15_000);
  } finally {
    await own.close();
  }
});

test('A deletion is one activity: accepted, polled until ARM answers 404, and nothing to do when repeated.', async () => {
  const { input, id } = addressOf('deleted1');
  await untilDone(harness.activities.ensureResource, input);
  const deletion = { ref: harness.ref, id };
  expect(await untilDone(harness.activities.deleteResource, deletion)).toEqual({ accepted: true });
  expect(await untilDone(harness.activities.deleteResource, { ...deletion, readFirst: true })).toEqual({
    accepted: false,
  });
  expect(await harness.sent('DELETE', new RegExp(`${id}$`, 'i'))).toHaveLength(1);
});
