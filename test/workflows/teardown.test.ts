import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { groupId, groupName } from '../../src/domain/naming.ts';
import { plannedResource } from '../../src/domain/resources.ts';
import { deletionOf, deletionPhases } from '../../src/domain/teardownOrder.ts';
import { environmentWorkflowId } from '../../src/workflows/messages.ts';
import { refNamed } from './fakes.ts';
import type { Workflows } from './harness.ts';
import { startWorkflows } from './harness.ts';
import { failing, inProgress } from './world.ts';
import type { World } from './world.ts';

let moat: Workflows;
beforeAll(async () => {
  moat = await startWorkflows(inject('temporal').address, 'teardown');
});
afterAll(() => moat.close());

/** A resource that somebody else put into the group. */
function bringAlong(world: World, name: string): string {
  const type = 'Microsoft.Web/sites';
  const id = `${groupId(refNamed(name))}/providers/${type}/site1`;
  world.resources.set(id.toLowerCase(), { id, type, state: 'Succeeded' });
  return id;
}

/** The phase of the undo that a deletion or a look at it belongs to. */
function phaseOf({ input }: { input: unknown }): number {
  const { id } = input as { id: string };
  const deletion = deletionOf(refNamed(/rg-moat-([^/]+)/.exec(id)![1]!), id);
  return typeof deletion === 'object' ? deletion.phase : -1;
}

describe.concurrent('taking an environment down', () => {
  it('leaves nothing, and tells of every resource how that is known', async () => {
    const world = await moat.standing('gone');
    const listed = (await moat.fakes.listGroup({ ref: refNamed('gone') })).resources.map(({ id }) => id);
    await moat.environments.remove('gone');
    const { receipt, steps } = await moat.untilState('gone', 'deleted');
    const proofs = new Map(
      (receipt as { removed: { id: string; proof: string }[] }).removed.map((r) => [r.id, r.proof]),
    );
    expect([...proofs.keys()].toSorted()).toEqual([...listed, groupId(refNamed('gone'))].toSorted());
    expect(
      (['workspace', 'vault', 'registry'] as const).map((key) => proofs.get(plannedResource(refNamed('gone'), key).id)),
    ).toEqual(['assumed', 'purged', 'gone']);
    expect(receipt).toMatchObject({ remaining: [], blockers: [] });
    expect([world.group.exists, world.resources.size, world.softDeletedVault]).toEqual([false, 0, false]);
    expect(steps.map(({ state }) => state)).not.toContain('running');
  });

  it('keeps the order: nothing is deleted before what holds it is gone', async () => {
    const world = await moat.standing('inorder');
    await moat.environments.remove('inorder');
    await moat.untilState('inorder', 'deleted');
    const phases = world.calls
      .filter(({ activity }) => activity === 'deleteResource' || activity === 'observeDeletion')
      .map((call) => ({ phase: phaseOf(call), activity: call.activity }));
    for (const phase of deletionPhases.keys()) {
      const firstOfNext = phases.findIndex((row) => row.phase > phase && row.activity === 'deleteResource');
      const lastOfThis = phases.findLastIndex((row) => row.phase === phase);
      if (firstOfNext >= 0) expect(lastOfThis, `phase ${phase}`).toBeLessThan(firstOfNext);
    }
    expect(world.position('revokeRoles')).toBeLessThan(world.position('deleteResource virtualMachine'));
    expect(world.position('deleteGroup')).toBeGreaterThan(world.position('observeVaultPurge'));
  });

  it('begins a deletion again that failed for a passing reason', async () => {
    const world = await moat.standing('stubborn');
    world.script('observeDeletion virtualNetwork', failing('Busy', 'InUseSubnetCannotBeDeleted', { retry: true }));
    await moat.environments.remove('stubborn');
    await moat.untilState('stubborn', 'deleted');
    expect(world.inputs('deleteResource virtualNetwork')).toMatchObject([{ readFirst: false }, { readFirst: true }]);
  });

  it('finds what appeared late, in a group that it lists anew', async () => {
    const world = await moat.standing('late');
    const { id, type } = plannedResource(refNamed('late'), 'networkInterface');
    const late = (): unknown => world.resources.set(id.toLowerCase(), { id, type, state: 'Succeeded' });
    world.script('observeDeletion natAddress', () => void late());
    await moat.environments.remove('late');
    expect((await moat.untilState('late', 'deleted')).receipt).toMatchObject({ remaining: [], blockers: [] });
    expect(world.inputs('deleteResource networkInterface')).toHaveLength(2);
  });

  it('told twice is one run', async () => {
    const world = await moat.standing('doubled');
    world.script('observeDeletion registry', inProgress, inProgress, inProgress);
    await Promise.all([moat.environments.remove('doubled'), moat.environments.remove('doubled')]);
    await moat.environments.remove('doubled');
    await moat.untilState('doubled', 'deleted');
    expect(await moat.environments.runs('doubled')).toMatchObject([{ id: 'teardown-1' }]);
    expect(await moat.environments.remove('doubled')).toMatchObject({ state: 'deleted' });
  });

  it('cannot be cancelled', async () => {
    const world = await moat.standing('onward');
    world.script('observeDeletion registry', inProgress, inProgress, inProgress, inProgress, inProgress);
    await moat.environments.remove('onward');
    await moat.untilEnvironment('onward', ({ run }) => run?.kind === 'teardown');
    await expect(moat.environments.cancel('onward', { teardown: false })).rejects.toMatchObject({
      code: 'NothingRuns',
    });
    await moat.untilState('onward', 'deleted');
  });
});

describe.concurrent('a teardown that something is in the way of', () => {
  it('names the resource that is not Moat’s and the command that removes it, and finishes when it is gone', async () => {
    const world = await moat.standing('guest');
    const id = bringAlong(world, 'guest');
    await moat.environments.remove('guest');
    const blocked = await moat.untilState('guest', 'blocked');
    expect(blocked.receipt).toMatchObject({
      remaining: [id],
      blockers: [
        {
          resource: id,
          reason: expect.stringContaining('foreign') as unknown,
          command: `az resource delete --ids ${id}`,
        },
      ],
    });
    expect(world.resources.has(id.toLowerCase())).toBe(true);
    expect(world.called('deleteGroup')).toBe(false);
    expect(world.group.tags.state).toBe('blocked');
    await expect(moat.create('guest')).rejects.toMatchObject({ code: 'BeingDeleted' });

    world.resources.delete(id.toLowerCase());
    expect((await moat.environments.remove('guest')).state).toMatch(/deleting|deleted/);
    expect((await moat.untilState('guest', 'deleted')).receipt).toMatchObject({ remaining: [], blockers: [] });
    expect(await moat.environments.runs('guest')).toMatchObject([{ id: 'teardown-2' }, { id: 'teardown-1' }]);
  });

  it('names the lock and the command that removes it, and removes what does not depend on what is locked', async () => {
    const world = await moat.standing('locked');
    const { id } = plannedResource(refNamed('locked'), 'virtualNetwork');
    const lock = `${id}/providers/Microsoft.Authorization/locks/keep`;
    world.locks = [{ id: lock, level: 'CanNotDelete', scope: id }];
    world.always('deleteResource virtualNetwork', failing('Blocked', 'it is locked', { code: 'ScopeLocked' }));
    await moat.environments.remove('locked');
    const { receipt, steps } = await moat.untilState('locked', 'blocked');
    const keys = ['virtualNetwork', 'networkSecurityGroup', 'natGateway', 'natAddress'] as const;
    expect(receipt).toMatchObject({
      blockers: [
        {
          resource: id,
          reason: 'locked: the CanNotDelete lock keep prevents its deletion',
          command: `az lock delete --ids ${lock}`,
        },
      ],
    });
    expect((receipt as { remaining: string[] }).remaining.toSorted()).toEqual(
      keys.map((key) => plannedResource(refNamed('locked'), key).id).toSorted(),
    );
    expect(world.resources.size).toBe(keys.length);
    expect(world.called('deleteResource natGateway')).toBe(false);
    expect(world.called('deleteGroup')).toBe(false);
    expect(steps.find((step) => step.id === 'network')?.state).toBe('failed');

    world.always('deleteResource virtualNetwork', undefined);
    await moat.environments.remove('locked');
    await moat.untilState('locked', 'deleted');
  });

  it('looks again by itself after ten minutes, and then after ever longer times', async () => {
    const world = await moat.standing('patient');
    bringAlong(world, 'patient');
    for (const times of [1, 2, 3]) {
      await moat.environments.remove('patient');
      await moat.untilEnvironment(
        'patient',
        ({ state, run }) => state === 'blocked' && run === null && world.inputs('listGroup').length === times,
      );
    }
    const { events } = await moat.client.workflow.getHandle(environmentWorkflowId('patient')).fetchHistory();
    const waits = events!.flatMap(({ timerStartedEventAttributes: timer }) => timer?.startToFireTimeout ?? []);
    expect(waits.map(({ seconds }) => Number(seconds) / 60).filter((minutes) => minutes < 60)).toEqual([10, 20, 40]);
  });

  it('never touches a group that does not carry this installation’s seal', async () => {
    const world = await moat.standing('strange');
    world.group.sealed = false;
    const before = world.resources.size;
    await moat.environments.remove('strange');
    const { receipt } = await moat.untilState('strange', 'blocked');
    expect(receipt).toMatchObject({
      removed: [],
      blockers: [{ resource: groupId(refNamed('strange')), reason: expect.stringContaining('seal') as unknown }],
    });
    expect(world.resources.size).toBe(before);
    expect(world.calls.map(({ activity }) => activity).filter((one) => /^(delete|purge|revoke)/.test(one))).toEqual([]);
    expect(receipt).toMatchObject({
      blockers: [{ command: expect.stringContaining(groupName(refNamed('strange').name)) as unknown }],
    });
  });

  it('that fails as a whole is blocked too, and can be told again', async () => {
    const world = await moat.standing('unlucky');
    world.script('listGroup', failing('Forbidden', 'not allowed to list'));
    await moat.environments.remove('unlucky');
    expect((await moat.untilState('unlucky', 'blocked')).receipt).toMatchObject({
      blockers: [{ reason: 'missing permission: not allowed to list' }],
    });
    await moat.environments.remove('unlucky');
    await moat.untilState('unlucky', 'deleted');
  });
});
