import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Workflows } from './harness.ts';
import { startWorkflows } from './harness.ts';
import { failing, gate, inProgress } from './world.ts';

let moat: Workflows;
beforeAll(async () => {
  moat = await startWorkflows(inject('temporal').address, 'protection');
});
afterAll(() => moat.close());

const protect = (name: string) => moat.environments.change(name, { protected: true, reason: 'demo' }, undefined);

describe.concurrent('a protected environment', () => {
  it('is not torn down by cancelling its provisioning run with teardown; the run continues', async () => {
    const { behaviour, reached, open } = gate();
    moat.world('building').script('ensureResource registry', behaviour);
    await moat.create('building');
    await reached;
    await protect('building');
    await expect(moat.environments.cancel('building', { teardown: true })).rejects.toMatchObject({ code: 'Protected' });
    open();
    expect((await moat.untilState('building', 'ready', 'cancelled', 'failed')).state).toBe('ready');
  });

  it('is not torn down by cancelling a score run with teardown', async () => {
    const world = await moat.standing('scoring', { protected: true });
    world.always('observeJumpboxCommand score', inProgress);
    const score = moat.environments.score('scoring', {}, undefined).catch((error: unknown) => error);
    await moat.untilEnvironment('scoring', ({ run }) => run?.kind === 'score');
    await expect(moat.environments.cancel('scoring', { teardown: true })).rejects.toMatchObject({ code: 'Protected' });
    expect(world.group.exists).toBe(true);
    await moat.environments.cancel('scoring', { teardown: false });
    expect(await score).toMatchObject({ code: 'Cancelled' });
  });

  it('is kept when its run fails although the spec says onFailure teardown', async () => {
    const { behaviour, reached, open } = gate();
    const world = moat.world('failing');
    world.script('ensureResource registry', behaviour);
    world.always('observeResource deployment', failing('Quota', 'no cores'));
    await moat.create('failing', { onFailure: 'teardown' });
    await reached;
    await protect('failing');
    open();
    expect((await moat.untilState('failing', 'failed', 'deleted')).state).toBe('failed');
    expect(world.group.exists).toBe(true);
  });
});

it('of a deletion and a protection at the same time exactly one wins, and both answers show which', async () => {
  for (let round = 0; round < 20; round++) {
    const name = `parallel${round}`;
    const world = await moat.standing(name);
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
    const answers = (await Promise.all([first(), second()])).toSorted();
    expect([
      ['Protected', 'protected'],
      ['BeingDeleted', 'deleting'],
    ]).toContainEqual(answers);
    if (answers.includes('protected')) {
      expect((await moat.environments.get(name)).state).toBe('ready');
      expect(world.called('listGroup')).toBe(false);
    } else await moat.untilState(name, 'deleted');
  }
});
