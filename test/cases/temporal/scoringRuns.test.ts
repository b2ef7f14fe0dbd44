import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { failWith, holdCall } from '../../workflows/fakeArm.ts';
import { startWorkflowHarness } from '../../workflows/workflowHarness.ts';
import type { WorkflowHarness } from '../../workflows/workflowHarness.ts';

let moat: WorkflowHarness;
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'scoringcases');
});
afterAll(() => moat.close());

const tooMany = failWith('Throttled', 'the endpoint answers 429: too many requests at once', { retry: true });
const stepOf = ({ steps }: { steps: { id: string; message: string | null }[] }) =>
  steps.find(({ id }) => id === 'score');

test('S09 429 is retried, and the step says so', async () => {
  const arm = moat.arm('throttled');
  const { behaviour, reached, release } = holdCall();
  arm.onNextCalls('observeJumpboxCommand scoreSample', tooMany, tooMany, behaviour);
  await moat.create('throttled');
  const message = 'the endpoint answers 429: too many requests at once; retried after 1 s';
  await moat.untilEnvironment('throttled', (environment) => stepOf(environment)?.message === message);
  await reached;
  expect(stepOf(await moat.environments.get('throttled'))).toMatchObject({ state: 'retrying', attempt: 3 });
  release();
  expect(stepOf(await moat.untilState('throttled', 'ready'))).toMatchObject({ state: 'succeeded' });
});

test('S09 429 without end fails with the fields that make room', async () => {
  const arm = moat.arm('overrun');
  arm.onEveryCall('observeJumpboxCommand scoreSample', tooMany);
  await moat.create('overrun');
  const { failure } = await moat.untilState('overrun', 'failed');
  expect(failure).toMatchObject({ step: 'score', type: 'Throttled' });
  expect(failure!.remedy).toContain('"maxConcurrentRequests" or "instanceCount"');
  expect(arm.inputs('beginJumpboxCommand scoreSample')).toHaveLength(7);
});

test('S01 408 is final and names the limit', async () => {
  const arm = moat.arm('slow');
  const late = { status: 408, comparison: null, excerpt: 'upstream request timeout', bytes: 24, body: null };
  Object.assign(arm.commandResults.scoreSample, late);
  await moat.create('slow');
  const { failure } = await moat.untilState('slow', 'failed');
  expect(failure).toMatchObject({ step: 'score', type: 'DeploymentUnhealthy' });
  expect(failure!.message).toContain('took longer than the 60 s that the deployment allows');
  expect(arm.inputs('beginJumpboxCommand scoreSample')).toHaveLength(1);
});

test('S08 a long answer ends in the receipt as size, hash and beginning', async () => {
  const arm = moat.arm('embedding');
  const long = { body: null, bytes: 5_000_000, excerpt: '[0.1, 0.2', sha256: 'a'.repeat(64) };
  Object.assign(arm.commandResults.scoreSample, long);
  await moat.create('embedding');
  const { receipt } = await moat.untilState('embedding', 'ready');
  expect(receipt).toMatchObject({ score: { status: 200, ...long } });
  expect(receipt).not.toHaveProperty('score.comparison');
});
