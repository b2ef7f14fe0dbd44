import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Caller } from '../../src/domain/roles.ts';
import { failWith } from './fakeArm.ts';
import { specOf } from './fixtures.ts';
import type { WorkflowHarness } from './workflowHarness.ts';
import { startWorkflowHarness } from './workflowHarness.ts';

let moat: WorkflowHarness;
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'requesters');
});
afterAll(() => moat.close());

const callerNamed = (name: string, role: Caller['role'] = 'owner'): Caller => ({ name, role, via: 'apiKey' });
const as = (name: string, role?: Caller['role']) => moat.environments.as(callerNamed(name, role));
const ana = 'ana@example.com';
const quota = failWith('Quota', 'The subscription has 0 of 4 cores left.');

/** Who requested each run, the oldest first. */
const requesters = async (name: string) =>
  (await moat.environments.runs(name)).map(({ id, requestedBy }) => [id, requestedBy]).toReversed();

describe('a run', () => {
  it('names the caller whose request started it', async () => {
    const name = 'requested';
    moat.arm(name).onNextCalls('observeResource deployment', quota);
    const { environment } = await as(ana).create(specOf(name));
    expect(environment.owner).toBe(ana);
    await moat.untilState(name, 'failed');
    // an operator may repeat it under its own name; the owner remains
    await as('root', 'operator').create(specOf(name, { owner: 'root' }));
    const ready = await moat.untilState(name, 'ready');
    expect([ready.owner, ready.spec?.owner]).toEqual([ana, ana]);
    await as(ana).score(name, { data: [[1]] }, undefined);
    await as('root', 'operator').verify(name);
    await moat.untilRunEnded(name, 'verify-1');
    await as(ana).remove(name);
    await moat.untilState(name, 'deleted');
    expect(await requesters(name)).toEqual([
      ['provision-1', ana],
      ['provision-2', 'root'],
      ['score-1', ana],
      ['verify-1', 'root'],
      ['teardown-1', ana],
    ]);
  });

  it('names nobody where Moat itself started it', async () => {
    moat.arm('byitself').onNextCalls('observeResource deployment', quota);
    await as(ana).create(specOf('byitself', { onFailure: 'teardown' }));
    await moat.untilState('byitself', 'deleted');
    expect(await requesters('byitself')).toEqual([
      ['provision-1', ana],
      ['teardown-1', null],
    ]);
  });

  it('names who replaced a lost workflow', async () => {
    await moat.createReady('lost');
    await moat.client.workflow.getHandle('environment-lost').terminate();
    await as('root', 'operator').remove('lost');
    await moat.untilState('lost', 'deleted');
    expect(await requesters('lost')).toEqual([['teardown-1', 'root']]);
  });
});

describe('an environment', () => {
  it('is changed by its owner and by operators only', async () => {
    const name = 'foreign';
    const arm = await moat.createReady(name);
    const before = await moat.environments.get(name);
    for (const requests of [as('bob'), as(ana, 'reader')])
      for (const request of [
        () => requests.create(specOf(name)),
        () => requests.create(specOf(name, { location: 'eastus' })),
        () => requests.cancel(name, { teardown: true }),
        () => requests.verify(name),
        () => requests.remove(name),
        () => requests.change(name, { protected: true }, undefined),
        () => requests.score(name, {}, 'key'),
      ])
        await expect(request()).rejects.toMatchObject({ code: 'Forbidden' });
    expect(await moat.environments.get(name)).toEqual(before);
    expect([await moat.environments.runs(name), arm.calls]).toEqual([[], []]);
    expect((await as('root', 'operator').change(name, { protected: true }, undefined)).lease.protected).toBe(true);
    expect((await as(ana).change(name, { protected: false }, undefined)).lease.protected).toBe(false);
  });

  it('that is deleted leaves its name to others', async () => {
    await moat.createReady('reused');
    await as(ana).remove('reused');
    await moat.untilState('reused', 'deleted');
    const { environment } = await as('bob').create(specOf('reused', { owner: 'bob' }));
    expect(environment.owner).toBe('bob');
    await moat.untilState('reused', 'ready');
  });
});
