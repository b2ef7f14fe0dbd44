import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { specOf } from '../workflows/fixtures.ts';
import { attempt, failureOf, startEmulatorHarness } from './emulatorHarness.ts';
import type { EmulatorHarness } from './emulatorHarness.ts';

let harness: EmulatorHarness;
beforeAll(async () => {
  harness = await startEmulatorHarness();
  await harness.close();
});

const spec = specOf('churn1');

test.each([
  ['preflight', () => attempt(harness.activities.preflight, { ref: harness.ref, spec, specHash: 'h1' })],
  ['proveOutside', () => attempt(harness.activities.proveOutside, { ref: harness.ref })],
  ['proveFromArm', () => attempt(harness.activities.proveFromArm, { ref: harness.ref })],
] as const)(
  'While nothing answers, %s fails retryably and leaves no rejection that would end the worker',
  async (_, run) => {
    const unhandled: unknown[] = [];
    const collect = (reason: unknown): unknown => unhandled.push(reason);
    process.on('unhandledRejection', collect);
    onTestFinished(() => void process.off('unhandledRejection', collect));
    expect(await failureOf(run())).toMatchObject({ type: 'Transient', nonRetryable: false });
    // Node reports a rejection after the promises' own callbacks.
    await new Promise(setImmediate);
    expect(unhandled).toEqual([]);
  },
);
