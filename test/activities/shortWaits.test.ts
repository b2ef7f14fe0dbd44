import { setMaxListeners } from 'node:events';
import { CancelledFailure } from '@temporalio/common';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createActivities } from '../../src/activities/index.ts';
import { activityEnvironment, attempt, failureOf, startEmulatorHarness } from './emulatorHarness.ts';
import type { EmulatorHarness } from './emulatorHarness.ts';

/** An attempt polls by itself while the waits between two polls are short. */
let harness: EmulatorHarness;
beforeAll(async () => {
  harness = await startEmulatorHarness();
  await attempt(harness.activities.ensureGroup, { ref: harness.ref, tags: {} });
});
afterAll(() => harness.close());

interface Details {
  waiting?: string;
  started?: { state: string };
}

/** The activity of a worker that makes waits up to `limitMs` itself, with the details that its attempt sends. */
function addressOf(suffix: string, limitMs: number) {
  const stopping = new AbortController();
  const lent: number[] = [];
  const lendDuring = (wait: () => Promise<void>): Promise<void> => {
    lent.push(Date.now());
    return wait();
  };
  setMaxListeners(0, stopping.signal);
  const { ensureResource } = createActivities({
    azure: harness.azure,
    sealKey: 'a key of the tests',
    allowPrivateRepositories: false,
    shortWaits: { limitMs, stopping: stopping.signal, slots: { lendDuring } },
  });
  const env = activityEnvironment();
  const beats: Details[] = [];
  env.on('heartbeat', (details: Details) => beats.push(details));
  const input = { ref: { ...harness.ref, suffix }, key: 'natAddress' as const, readFirst: false, options: {} };
  return { run: () => env.run(ensureResource, input), env, beats, stopping, lent };
}

/** The operations on addresses do not end. */
const hang = () =>
  harness.control('POST', 'faults', {
    match: { method: 'PUT', type: 'Microsoft.Network/publicIPAddresses' },
    effect: { hangOperation: true },
  });

test('An operation with short waits is one attempt, whose heartbeats say what it waits for. It lends its slot meanwhile.', async () => {
  const { run, beats, lent } = addressOf('short1', 60_000);
  expect(await run()).toEqual({});
  expect(lent).not.toEqual([]);
  expect(beats[0]).toMatchObject({ waiting: expect.stringContaining('Creating') as string, started: {} });
});

test('After a longer wait the next attempt polls: the slot is free meanwhile.', async () => {
  const { run, beats } = addressOf('long1', 0);
  const { type, nextRetryDelay } = await failureOf(run());
  expect([type, Number(nextRetryDelay) > 0, beats.at(-1)?.waiting]).toEqual(['InProgress', true, undefined]);
});

test('A worker that stops ends the wait, and passes the operation on.', async () => {
  await hang();
  const { run, env, beats, stopping } = addressOf('stopped1', 60_000);
  env.on('heartbeat', () => stopping.abort());
  expect((await failureOf(run())).type).toBe('InProgress');
  expect(beats.at(-1)?.started).toMatchObject({ state: 'Creating' });
});

test('A cancelled activity ends the wait as cancelled.', async () => {
  await hang();
  const { run, env } = addressOf('cancelled1', 60_000);
  env.on('heartbeat', () => env.cancel());
  await expect(run()).rejects.toThrow(CancelledFailure);
});
