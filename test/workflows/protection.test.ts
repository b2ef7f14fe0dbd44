import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { WorkflowHarness } from './workflowHarness.ts';
import { startWorkflowHarness } from './workflowHarness.ts';
import { failWith, holdCall, inProgress } from './fakeArm.ts';

let moat: WorkflowHarness;
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'protection');
});
afterAll(() => moat.close());

const protect = (name: string) => moat.environments.change(name, { protected: true, reason: 'demo' }, undefined);

describe.concurrent('a protected environment', () => {
  it('keeps its provisioning run when a cancellation with teardown is refused', async () => {
    const { behaviour, reached, release } = holdCall();
    moat.arm('building').onNextCalls('ensureResource registry', behaviour);
    await moat.create('building');
    await reached;
    await protect('building');
    await expect(moat.environments.cancel('building', { teardown: true })).rejects.toMatchObject({ code: 'Protected' });
    release();
    expect((await moat.untilState('building', 'ready', 'cancelled', 'failed')).state).toBe('ready');
  });

  it('keeps its score run when a cancellation with teardown is refused', async () => {
    const arm = await moat.createReady('scoring', { protected: true });
    arm.onEveryCall('observeJumpboxCommand score', inProgress);
    const score = moat.environments.score('scoring', {}, undefined).catch((error: unknown) => error);
    await moat.untilEnvironment('scoring', ({ run }) => run?.kind === 'score');
    await expect(moat.environments.cancel('scoring', { teardown: true })).rejects.toMatchObject({ code: 'Protected' });
    expect(arm.group.exists).toBe(true);
    await moat.environments.cancel('scoring', { teardown: false });
    expect(await score).toMatchObject({ code: 'Cancelled' });
  });

  it('is kept when its run fails, even with onFailure: teardown', async () => {
    const { behaviour, reached, release } = holdCall();
    const arm = moat.arm('failed');
    arm.onNextCalls('ensureResource registry', behaviour);
    arm.onEveryCall('observeResource deployment', failWith('Quota', 'no cores'));
    await moat.create('failed', { onFailure: 'teardown' });
    await reached;
    await protect('failed');
    release();
    expect((await moat.untilState('failed', 'failed', 'deleted')).state).toBe('failed');
    expect(arm.group.exists).toBe(true);
  });
});

it('of a concurrent DELETE and PATCH to protect exactly one succeeds, and both callers learn which', async () => {
  for (let round = 0; round < 20; round++) {
    const name = `parallel${round}`;
    const arm = await moat.createReady(name);
    const protection = () =>
      protect(name).then(
        () => 'protected',
        (error: { code: string }) => error.code,
      );
    const deletion = () =>
      moat.environments.remove(name).then(
        () => 'deleting',
        (error: { code: string }) => error.code,
      );
    const [first, second] = round % 2 === 0 ? ([protection, deletion] as const) : ([deletion, protection] as const);
    const outcomes = (await Promise.all([first(), second()])).toSorted();
    expect([
      ['Protected', 'protected'],
      ['BeingDeleted', 'deleting'],
    ]).toContainEqual(outcomes);
    if (outcomes.includes('protected')) {
      expect((await moat.environments.get(name)).state).toBe('ready');
      expect(arm.called('listGroup')).toBe(false);
    } else await moat.untilState(name, 'deleted');
  }
}, 180_000);
