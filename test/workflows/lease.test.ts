import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { specOf } from './fixtures.ts';
import type { WorkflowHarness } from './workflowHarness.ts';
import { startWorkflowHarness, until } from './workflowHarness.ts';
import { failWith, holdCall } from './fakeArm.ts';

let moat: WorkflowHarness;
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'lease');
});
afterAll(() => moat.close());

const expiringSoon = () => ({ expiresAt: new Date(Date.now() + 200).toISOString() });

describe.concurrent('a lease', () => {
  it('that expires changes the state to expired, and deletes nothing', async () => {
    const arm = await moat.createReady('stale', expiringSoon());
    await moat.untilState('stale', 'expired');
    expect(arm.group.tags.state).toBe('expired');
    expect(arm.group.exists).toBe(true);
    expect(arm.calls.filter(({ activity }) => activity.startsWith('delete'))).toEqual([]);
  });

  it('that has expired is renewed by POST', async () => {
    const arm = await moat.createReady('reposted', expiringSoon());
    await moat.untilState('reposted', 'expired');
    const { environment, ready } = await moat.environments.create(specOf('reposted', { ttl: '3h' }));
    expect([environment.state, ready]).toEqual(['ready', true]);
    const remainingMs = Date.parse(environment.lease.expiresAt) - Date.now();
    expect(remainingMs).toBeGreaterThan(2.9 * 3_600_000);
    expect(remainingMs).toBeLessThanOrEqual(3 * 3_600_000);
    expect(arm.group.tags).toMatchObject({ state: 'ready', expiresAt: environment.lease.expiresAt });
    expect(await moat.environments.runs('reposted')).toEqual([]);
    expect(environment.lease.lastChange).toMatchObject({ kind: 'renewed', by: null });
  });

  it('says who changed it last', async () => {
    await moat.createReady('shared');
    expect((await moat.environments.get('shared')).lease.lastChange).toBeUndefined();
    const as = (name: string) => moat.environments.as({ name, role: 'operator', via: 'apiKey' });
    await as('ana').change('shared', { ttl: '4h' }, undefined);
    const { lease } = await as('bo').change('shared', { protected: true, reason: 'demo' }, undefined);
    expect(lease).toMatchObject({ protected: true, lastChange: { kind: 'protected', by: 'bo' } });
    expect(Date.parse(lease.lastChange!.at)).toBeLessThanOrEqual(Date.now());
  });

  it('that expires while a renewal is in progress is renewed', async () => {
    const { behaviour, reached, release } = holdCall();
    const arm = await moat.createReady('concurrent', { expiresAt: new Date(Date.now() + 3_000).toISOString() });
    arm.onNextCalls('tagGroup', behaviour);
    const renewing = moat.environments.change('concurrent', { ttl: '4h' }, undefined);
    await reached;
    await until(
      'the lease has expired',
      async () => (await moat.environments.get('concurrent')).lease.expiresAt < new Date().toISOString(),
    );
    release();
    await renewing;
    expect((await moat.untilState('concurrent', 'ready')).lease.expiresAt > new Date().toISOString()).toBe(true);
    expect(await moat.environments.score('concurrent', { data: [[1]] }, undefined)).toMatchObject({ status: 200 });
  });

  it('that cannot be renewed because the group’s tags are locked reports the lock', async () => {
    const arm = await moat.createReady('lockedtags');
    arm.onNextCalls('tagGroup', failWith('Blocked', 'The scope is locked.'));
    await expect(moat.environments.change('lockedtags', { ttl: '4h' }, undefined)).rejects.toMatchObject({
      code: 'Unavailable',
      message: expect.stringContaining('Blocked: The scope is locked.'),
    });
  });

  it('that has expired can be renewed for a shorter time', async () => {
    await moat.createReady('twice', expiringSoon());
    await moat.untilState('twice', 'expired');
    await moat.environments.create(specOf('twice', { ttl: '1m' }));
    expect((await moat.environments.get('twice')).state).toBe('ready');
  });

  it('that has expired does not prevent a DELETE', async () => {
    await moat.createReady('expired', expiringSoon());
    await moat.untilState('expired', 'expired');
    await moat.environments.remove('expired');
    await moat.untilState('expired', 'deleted');
  });

  it('does not expire while the environment is protected', async () => {
    await moat.createReady('protected', { expiresAt: new Date(Date.now() - 60_000).toISOString(), protected: true });
    // another environment that expires later shows that the time has passed
    await moat.createReady('other', expiringSoon());
    await moat.untilState('other', 'expired');
    expect((await moat.environments.get('protected')).state).toBe('ready');
    await expect(moat.environments.remove('protected')).rejects.toMatchObject({ code: 'Protected' });
  });
});
