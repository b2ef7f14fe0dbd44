import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { environmentWorkflowId } from '../../src/workflows/messages.ts';
import { specHash } from '../../src/temporal/specHash.ts';
import { startEnvironment } from '../../src/temporal/startEnvironment.ts';
import { newRecord } from '../../src/domain/environmentRecord.ts';
import { leaseTags } from '../../src/domain/lease.ts';
import type { Lease } from '../../src/domain/environment.ts';
import { refNamed, specOf } from './fakes.ts';
import type { Workflows } from './harness.ts';
import { startWorkflows, until } from './harness.ts';

let moat: Workflows;
beforeAll(async () => {
  moat = await startWorkflows(inject('temporal').address, 'lost');
});
afterAll(() => moat.close());

/** A ready environment with tags, whose workflow was terminated from outside. */
async function terminated(name: string, lease: Partial<Lease> = {}) {
  const world = await moat.standing(name, lease);
  const full = (await moat.environments.get(name)).lease;
  world.group.tags = {
    environment: name,
    state: 'ready',
    spec: specHash(specOf(name)),
    owner: 'ana@example.com',
    ...leaseTags({ ...full, ...lease }),
  };
  await moat.client.workflow.getHandle(environmentWorkflowId(name)).terminate('by an administrator');
  return world;
}

describe.concurrent('an environment whose workflow was terminated from outside', () => {
  it('shows that, and refuses what needs its workflow', async () => {
    await terminated('shown');
    const shown = await moat.environments.get('shown');
    expect(shown).toMatchObject({ state: 'failed', run: null, failure: { code: 'WorkflowLost' } });
    expect(shown.failure!.remedy).toMatch(/DELETE/);
    await expect(moat.environments.change('shown', { ttl: '1h' }, undefined)).rejects.toMatchObject({
      code: 'NotReady',
    });
    await expect(moat.environments.score('shown', {}, 'key')).rejects.toMatchObject({ code: 'NotReady' });
    await expect(moat.environments.cancel('shown', { teardown: true })).rejects.toMatchObject({ code: 'NothingRuns' });
  });

  it('is torn down by DELETE, which works from its tags', async () => {
    const world = await terminated('removed');
    expect((await moat.environments.remove('removed')).state).toBe('deleting');
    expect((await moat.untilState('removed', 'deleted')).receipt).toMatchObject({ remaining: [], blockers: [] });
    expect(world.group.exists).toBe(false);
  });

  it('stays protected by its tags when it is deleted or posted', async () => {
    const world = await terminated('kept', { protected: true, reason: 'demo' });
    await expect(moat.environments.remove('kept')).rejects.toMatchObject({ code: 'Protected' });
    await moat.create('kept');
    const ready = await moat.untilState('kept', 'ready');
    expect(ready.lease).toMatchObject({ protected: true, reason: 'demo' });
    await expect(moat.environments.remove('kept')).rejects.toMatchObject({ code: 'Protected' });
    expect(world.group.exists).toBe(true);
  });

  it('is completed by a POST of the same spec, under its old lease', async () => {
    await terminated('posted');
    const before = (await moat.environments.get('posted')).lease.expiresAt;
    await expect(moat.create('posted', { instanceCount: 2 })).rejects.toMatchObject({ code: 'SpecConflict' });
    await moat.create('posted');
    expect((await moat.untilState('posted', 'ready')).lease.expiresAt).toBe(before);
  });
});

it('an environment whose workflow tasks keep failing says so, and can be deleted', async () => {
  const name = 'poisoned';
  const spec = specOf(name);
  const world = moat.world(name);
  world.group.exists = true;
  world.group.tags = { environment: name, state: 'ready', expiresAt: new Date(Date.now() + 3_600_000).toISOString() };
  // an input that no request can produce: the workflow throws a plain error in its first task
  await startEnvironment(moat.client, {
    ref: refNamed(name),
    spec,
    specHash: specHash(spec),
    target: 'emulator',
    record: newRecord(spec, 'emulator', Date.now()),
    carried: { runs: 5 } as never,
  });
  const stuck = await until('the failing task shows', async () => {
    const environment = await moat.environments.get(name);
    return environment.failure?.code === 'WorkflowTaskFailed' && environment;
  });
  expect(stuck.failure!.remedy).toMatch(/DELETE/);
  await moat.environments.remove(name);
  expect((await moat.untilState(name, 'deleted')).receipt).toMatchObject({ remaining: [] });
  expect(world.group.exists).toBe(false);
});

it('a suffix that another live environment uses is refused before anything starts', async () => {
  const suffix = 'k3x9a0q7';
  const names = ['suffix1', 'suffix2', 'suffix3', 'suffix4'];
  const answers = await Promise.all(
    names.map((name) =>
      moat.create(name, { suffix }).then(
        () => 'accepted',
        (error: { code: string }) => error.code,
      ),
    ),
  );
  expect(answers.toSorted()).toEqual(['SuffixInUse', 'SuffixInUse', 'SuffixInUse', 'accepted']);
  const winner = names[answers.indexOf('accepted')]!;
  await moat.untilState(winner, 'ready', 'failed');
  await moat.environments.remove(winner);
  await moat.untilState(winner, 'deleted');
  await until('the suffix is free', async () =>
    moat
      .create(
        names.find((name) => name !== winner)!,
        { suffix },
      )
      .then(
        () => true,
        () => false,
      ),
  );
});
