import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { specOf } from './fakes.ts';
import type { Workflows } from './harness.ts';
import { startWorkflows, until } from './harness.ts';
import { failing, gate } from './world.ts';

let moat: Workflows;
beforeAll(async () => {
  moat = await startWorkflows(inject('temporal').address, 'lease');
});
afterAll(() => moat.close());

const soon = () => ({ expiresAt: new Date(Date.now() + 200).toISOString() });

describe.concurrent('a lease that ends', () => {
  it('makes a standing environment expired, and deletes nothing', async () => {
    const world = await moat.standing('stale', soon());
    await moat.untilState('stale', 'expired');
    expect(world.group.tags.state).toBe('expired');
    expect(world.group.exists).toBe(true);
    expect(world.calls.filter(({ activity }) => activity.startsWith('delete'))).toEqual([]);
  });

  it('is renewed from now by asking for the environment again', async () => {
    const world = await moat.standing('wanted', soon());
    await moat.untilState('wanted', 'expired');
    const { environment, ready } = await moat.environments.create(specOf('wanted', { ttl: '3h' }));
    expect([environment.state, ready]).toEqual(['ready', true]);
    const left = Date.parse(environment.lease.expiresAt) - Date.now();
    expect(left).toBeGreaterThan(2.9 * 3_600_000);
    expect(left).toBeLessThanOrEqual(3 * 3_600_000);
    expect(world.group.tags).toMatchObject({ state: 'ready', expiresAt: environment.lease.expiresAt });
    expect(await moat.environments.runs('wanted')).toEqual([]);
  });

  it('that is renewed in the moment in which it ends goes on', async () => {
    const { behaviour, reached, open } = gate();
    const world = await moat.standing('lastmoment', { expiresAt: new Date(Date.now() + 3_000).toISOString() });
    world.script('tagGroup', behaviour);
    const renewing = moat.environments.change('lastmoment', { ttl: '4h' }, undefined);
    await reached;
    await until(
      'the lease is over',
      async () => (await moat.environments.get('lastmoment')).lease.expiresAt < new Date().toISOString(),
    );
    open();
    await renewing;
    expect((await moat.untilState('lastmoment', 'ready')).lease.expiresAt > new Date().toISOString()).toBe(true);
    expect(await moat.environments.score('lastmoment', { data: [[1]] }, undefined)).toMatchObject({ status: 200 });
  });

  it('that cannot be renewed, because the group’s tags are locked, says so', async () => {
    const world = await moat.standing('lockedtags');
    world.script('tagGroup', failing('Blocked', 'The scope is locked.'));
    await expect(moat.environments.change('lockedtags', { ttl: '4h' }, undefined)).rejects.toMatchObject({
      code: 'Unavailable',
      message: expect.stringContaining('Blocked: The scope is locked.'),
    });
  });

  it('can end again after it was renewed', async () => {
    await moat.standing('twice', soon());
    await moat.untilState('twice', 'expired');
    await moat.environments.create(specOf('twice', { ttl: '1m' }));
    expect((await moat.environments.get('twice')).state).toBe('ready');
  });

  it('does not refuse to be taken down', async () => {
    await moat.standing('over', soon());
    await moat.untilState('over', 'expired');
    await moat.environments.remove('over');
    await moat.untilState('over', 'deleted');
  });

  it('does not end while it is protected', async () => {
    await moat.standing('guarded', { expiresAt: new Date(Date.now() - 60_000).toISOString(), protected: true });
    // the renewed lease of another one, in the meantime
    await moat.standing('other', soon());
    await moat.untilState('other', 'expired');
    expect((await moat.environments.get('guarded')).state).toBe('ready');
    await expect(moat.environments.remove('guarded')).rejects.toMatchObject({ code: 'Protected' });
  });
});
