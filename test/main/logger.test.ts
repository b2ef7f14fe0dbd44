import { afterEach, beforeEach, expect, it } from 'vitest';
import { fieldsOf } from '../../src/main/observability/logContext.ts';
import { createInstallation } from './support/moatProcesses.ts';
import type { Installation } from './support/moatProcesses.ts';

let moat: Installation;
beforeEach(async () => {
  moat = await createInstallation();
});
afterEach(() => moat.close());

it('a line of an activity names environment, run, step, correlation id and trace', () => {
  const fields = fieldsOf({
    sdkComponent: 'worker',
    workflowId: 'environment-churn-1:provision:2',
    workflowRunId: 'run-id',
    workflowType: 'provision',
    activityId: 'workspace:ensure:registry',
    activityType: 'ensureResource',
    attempt: 3,
    taskToken: 'of no use to a reader',
    trace_id: '0af7651916cd43dd8448eb211c80319c',
    durationMs: 12,
  });
  expect(fields).toEqual({
    component: 'temporal-worker',
    environment: 'churn-1',
    run: 'provision-2',
    step: 'workspace',
    correlationId: 'run-id',
    traceId: '0af7651916cd43dd8448eb211c80319c',
    workflow: 'provision',
    activity: 'ensureResource',
    attempt: 3,
    durationMs: 12,
  });
});

it('a line of another workflow names the workflow', () => {
  expect(
    fieldsOf({ sdkComponent: 'worker', workflowId: 'sweep-1', runId: 'r', workflowType: 'sweepEnvironments' }),
  ).toEqual({ component: 'temporal-worker', workflowId: 'sweep-1', workflow: 'sweepEnvironments', correlationId: 'r' });
});

it.skipIf(process.platform !== 'linux')(
  'on a terminal, a process prints readable lines',
  async () => {
    // `script` gives its command a terminal
    const emulator = moat.run('script', ['-qec', 'node src/main/emulator.ts', '/dev/null']);
    await emulator.prints('emulator: started');
    expect(emulator.output()).toMatch(/INFO.*emulator: started: https:/);
    expect(emulator.output()).not.toContain('"msg"');
  },
  60_000,
);

it('elsewhere, each line is JSON, also that of an error', async () => {
  const emulator = moat.run('node', ['src/main/emulator.ts'], { MOAT_EMULATOR_TIME_SCALE: 'fast' });
  expect(await emulator.exitCode()).toBe(78);
  const lines = emulator.rawOutput().trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
    expect.objectContaining({
      level: 'fatal',
      process: 'emulator',
      msg: expect.stringContaining('TIME_SCALE') as string,
    }),
  ]);
}, 60_000);
