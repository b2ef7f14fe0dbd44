import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { failWith, holdCall } from './fakeArm.ts';
import { startWorkflowHarness } from './workflowHarness.ts';
import type { WorkflowHarness } from './workflowHarness.ts';

let moat: WorkflowHarness;
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'statetag');
});
afterAll(() => moat.close());

test('A repeated provisioning run writes its state to the group’s tags before it shows it.', async () => {
  const arm = moat.arm('again');
  arm.onNextCalls('ensureResource vault', failWith('InvalidRequest', 'no'));
  await moat.create('again');
  await moat.untilState('again', 'failed');
  expect(arm.inputs('tagGroup')).toMatchObject([{ tags: { state: 'failed' } }]);

  const { behaviour, reached, release } = holdCall();
  arm.onNextCalls('tagGroup', behaviour);
  const created = moat.create('again');
  await reached;
  expect((await moat.environments.get('again')).state).toBe('failed');
  release();
  await created;
  await moat.untilState('again', 'ready');
  expect(arm.inputs('tagGroup').slice(1)).toMatchObject([
    { tags: { state: 'provisioning' } },
    { tags: { state: 'ready' } },
  ]);
});
