import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { environmentWorkflowId } from '../../../src/workflows/messages.ts';
import { failWith, holdCall } from '../../workflows/fakeArm.ts';
import { startWorkflowHarness, until } from '../../workflows/workflowHarness.ts';
import type { WorkflowHarness } from '../../workflows/workflowHarness.ts';

let moat: WorkflowHarness;
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'repeatedrequests');
});
afterAll(() => moat.close());

async function acceptedUpdates(name: string): Promise<number> {
  const { events } = await moat.client.workflow.getHandle(environmentWorkflowId(name)).fetchHistory();
  return (events ?? []).filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes).length;
}

test('P04 a PATCH that renews and protects with one key does both, and its repetition neither', async () => {
  const arm = await moat.createReady('both');
  const change = () => moat.environments.change('both', { ttl: '7h', protected: true, reason: 'demo' }, 'key');
  const { lease } = await change();
  expect(lease).toMatchObject({ protected: true, reason: 'demo' });
  const writes = arm.inputs('tagGroup').length;
  expect((await change()).lease).toEqual(lease);
  expect(arm.inputs('tagGroup')).toHaveLength(writes);
});

test('P04 a renewal whose tags could not be written is tried again with the same key', async () => {
  const arm = await moat.createReady('locked');
  arm.onNextCalls('tagGroup', failWith('Blocked', 'The scope is locked.'));
  const renew = () => moat.environments.change('locked', { ttl: '9h' }, 'key');
  await expect(renew()).rejects.toMatchObject({ code: 'Unavailable' });
  const { lease } = await renew();
  expect(Date.parse(lease.expiresAt)).toBeGreaterThan(Date.now() + 8 * 3_600_000);
});

test('P04 scores that wait for a run leave room for lease changes, and are all answered', async () => {
  const arm = await moat.createReady('queued');
  const { behaviour, reached, release } = holdCall();
  arm.onNextCalls('observeJumpboxCommand score', behaviour);
  const scores = [moat.environments.score('queued', { data: [[0]] }, undefined)];
  await reached;
  for (let i = 1; i < 12; i++) scores.push(moat.environments.score('queued', { data: [[i]] }, undefined));
  await until('six scores are accepted', async () => (await acceptedUpdates('queued')) >= 6);
  await moat.environments.change('queued', { protected: true, reason: 'while scores wait' }, undefined);
  expect((await moat.environments.get('queued')).run).toMatchObject({ id: 'score-1' });
  // six scores and the lease change
  expect(await acceptedUpdates('queued')).toBe(7);
  release();
  expect((await Promise.all(scores)).map(({ status }) => status)).toEqual(Array(12).fill(200));
});

test('P04 a score that is repeated while it runs joins its run', async () => {
  const arm = await moat.createReady('joined');
  const { behaviour, reached, release } = holdCall();
  arm.onNextCalls('observeJumpboxCommand score', behaviour);
  const score = () => moat.environments.score('joined', { data: [[1]] }, 'key');
  const first = score();
  await reached;
  const second = score();
  await until('the second request has arrived', async () => (await acceptedUpdates('joined')) === 2);
  release();
  expect(await second).toEqual(await first);
  expect(await moat.environments.runs('joined')).toHaveLength(1);
});
