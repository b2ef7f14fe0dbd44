import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { groupId, groupName } from '../../src/domain/naming.ts';
import { plannedResource } from '../../src/domain/resources.ts';
import { deletionOf, deletionPhases } from '../../src/domain/teardownOrder.ts';
import { environmentWorkflowId } from '../../src/workflows/messages.ts';
import { refNamed } from './fixtures.ts';
import type { WorkflowHarness } from './workflowHarness.ts';
import { startWorkflowHarness } from './workflowHarness.ts';
import { failWith, inProgress } from './fakeArm.ts';
import type { FakeArm } from './fakeArm.ts';

let moat: WorkflowHarness;
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'teardown');
});
afterAll(() => moat.close());

/** Adds a resource to the group that Moat did not create. */
function addForeignResource(arm: FakeArm, name: string): string {
  const type = 'Microsoft.Web/sites';
  const id = `${groupId(refNamed(name))}/providers/${type}/site1`;
  arm.resources.set(id.toLowerCase(), { id, type, state: 'Succeeded' });
  return id;
}

/** The teardown phase of a deletion call or of its poll. */
function phaseOf({ input }: { input: unknown }): number {
  const { id } = input as { id: string };
  const deletion = deletionOf(refNamed(/rg-moat-([^/]+)/.exec(id)![1]!), id);
  return typeof deletion === 'object' ? deletion.phase : -1;
}

describe.concurrent('a teardown', () => {
  it('removes everything, and the receipt has the proof for each resource', async () => {
    const arm = await moat.createReady('complete');
    const listed = (await moat.fakeActivities.listGroup({ ref: refNamed('complete') })).resources.map(({ id }) => id);
    await moat.environments.remove('complete');
    const { receipt, steps } = await moat.untilState('complete', 'deleted');
    const proofs = new Map(
      (receipt as { removed: { id: string; proof: string }[] }).removed.map((r) => [r.id, r.proof]),
    );
    expect([...proofs.keys()].toSorted()).toEqual([...listed, groupId(refNamed('complete'))].toSorted());
    expect(
      (['workspace', 'vault', 'registry'] as const).map((key) =>
        proofs.get(plannedResource(refNamed('complete'), key).id),
      ),
    ).toEqual(['assumed', 'purged', 'gone']);
    expect(receipt).toMatchObject({ remaining: [], blockers: [] });
    expect([arm.group.exists, arm.resources.size, arm.softDeletedVault]).toEqual([false, 0, false]);
    expect(steps.map(({ state }) => state)).not.toContain('running');
  });

  it('deletes no resource before its dependents', async () => {
    const arm = await moat.createReady('inorder');
    await moat.environments.remove('inorder');
    await moat.untilState('inorder', 'deleted');
    const phases = arm.calls
      .filter(({ activity }) => activity === 'deleteResource' || activity === 'observeDeletion')
      .map((call) => ({ phase: phaseOf(call), activity: call.activity }));
    for (const phase of deletionPhases.keys()) {
      const firstOfNext = phases.findIndex((row) => row.phase > phase && row.activity === 'deleteResource');
      const lastOfThis = phases.findLastIndex((row) => row.phase === phase);
      if (firstOfNext >= 0) expect(lastOfThis, `phase ${phase}`).toBeLessThan(firstOfNext);
    }
    expect(arm.firstIndexOf('revokeRoles')).toBeLessThan(arm.firstIndexOf('deleteResource virtualMachine'));
    expect(arm.firstIndexOf('deleteGroup')).toBeGreaterThan(arm.firstIndexOf('observeVaultPurge'));
  });

  it('retries a deletion after a transient failure', async () => {
    const arm = await moat.createReady('retried');
    arm.onNextCalls('observeDeletion virtualNetwork', failWith('Busy', 'InUseSubnetCannotBeDeleted', { retry: true }));
    await moat.environments.remove('retried');
    await moat.untilState('retried', 'deleted');
    expect(arm.inputs('deleteResource virtualNetwork')).toHaveLength(2);
  });

  it('lists the group again and deletes resources that appeared late', async () => {
    const arm = await moat.createReady('late');
    const { id, type } = plannedResource(refNamed('late'), 'networkInterface');
    const addInterface = (): unknown => arm.resources.set(id.toLowerCase(), { id, type, state: 'Succeeded' });
    arm.onNextCalls('observeDeletion natAddress', () => void addInterface());
    await moat.environments.remove('late');
    expect((await moat.untilState('late', 'deleted')).receipt).toMatchObject({ remaining: [], blockers: [] });
    expect(arm.inputs('deleteResource networkInterface')).toHaveLength(2);
  });

  it('is not started twice by a repeated DELETE', async () => {
    const arm = await moat.createReady('repeated');
    arm.onNextCalls('observeDeletion registry', inProgress, inProgress, inProgress);
    await Promise.all([moat.environments.remove('repeated'), moat.environments.remove('repeated')]);
    await moat.environments.remove('repeated');
    await moat.untilState('repeated', 'deleted');
    expect(await moat.environments.runs('repeated')).toMatchObject([{ id: 'teardown-1' }]);
    expect(await moat.environments.remove('repeated')).toMatchObject({ state: 'deleted' });
  });

  it('cannot be cancelled', async () => {
    const arm = await moat.createReady('uncancellable');
    arm.onNextCalls('observeDeletion registry', inProgress, inProgress, inProgress, inProgress, inProgress);
    await moat.environments.remove('uncancellable');
    await moat.untilEnvironment('uncancellable', ({ run }) => run?.kind === 'teardown');
    await expect(moat.environments.cancel('uncancellable', { teardown: false })).rejects.toMatchObject({
      code: 'NothingRuns',
    });
    await moat.untilState('uncancellable', 'deleted');
  });
});

describe.concurrent('a blocked teardown', () => {
  it('reports a foreign resource with the command that deletes it, and completes once it is deleted', async () => {
    const arm = await moat.createReady('foreign');
    const id = addForeignResource(arm, 'foreign');
    await moat.environments.remove('foreign');
    const blocked = await moat.untilState('foreign', 'blocked');
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
    expect(arm.resources.has(id.toLowerCase())).toBe(true);
    expect(arm.called('deleteGroup')).toBe(false);
    expect(arm.group.tags.state).toBe('blocked');
    await expect(moat.create('foreign')).rejects.toMatchObject({ code: 'BeingDeleted' });

    arm.resources.delete(id.toLowerCase());
    expect((await moat.environments.remove('foreign')).state).toMatch(/deleting|deleted/);
    expect((await moat.untilState('foreign', 'deleted')).receipt).toMatchObject({ remaining: [], blockers: [] });
    expect(await moat.environments.runs('foreign')).toMatchObject([{ id: 'teardown-2' }, { id: 'teardown-1' }]);
  });

  it('reports a lock with the command that deletes it, and deletes what does not depend on the locked resource', async () => {
    const arm = await moat.createReady('locked');
    const { id } = plannedResource(refNamed('locked'), 'virtualNetwork');
    const lock = `${id}/providers/Microsoft.Authorization/locks/keep`;
    arm.locks = [{ id: lock, level: 'CanNotDelete', scope: id }];
    arm.onEveryCall('deleteResource virtualNetwork', failWith('Blocked', 'it is locked', { code: 'ScopeLocked' }));
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
    expect(arm.resources.size).toBe(keys.length);
    expect(arm.called('deleteResource natGateway')).toBe(false);
    expect(arm.called('deleteGroup')).toBe(false);
    expect(steps.find((step) => step.id === 'network')?.state).toBe('failed');

    arm.onEveryCall('deleteResource virtualNetwork', undefined);
    await moat.environments.remove('locked');
    await moat.untilState('locked', 'deleted');
  });

  it('is retried automatically after ten minutes, and then at doubled intervals', async () => {
    const arm = await moat.createReady('autoretry');
    addForeignResource(arm, 'autoretry');
    for (const attempt of [1, 2, 3]) {
      await moat.environments.remove('autoretry');
      await moat.untilEnvironment(
        'autoretry',
        ({ state, run }) => state === 'blocked' && run === null && arm.inputs('listGroup').length === attempt,
      );
    }
    const { events } = await moat.client.workflow.getHandle(environmentWorkflowId('autoretry')).fetchHistory();
    const waits = events!.flatMap(({ timerStartedEventAttributes: timer }) => timer?.startToFireTimeout ?? []);
    expect(waits.map(({ seconds }) => Number(seconds) / 60).filter((minutes) => minutes < 60)).toEqual([10, 20, 40]);
  });

  it('deletes nothing in a group without this installation’s seal', async () => {
    const arm = await moat.createReady('unsealed');
    arm.group.sealed = false;
    const before = arm.resources.size;
    await moat.environments.remove('unsealed');
    const { receipt } = await moat.untilState('unsealed', 'blocked');
    expect(receipt).toMatchObject({
      removed: [],
      blockers: [{ resource: groupId(refNamed('unsealed')), reason: expect.stringContaining('seal') as unknown }],
    });
    expect(arm.resources.size).toBe(before);
    expect(arm.calls.map(({ activity }) => activity).filter((one) => /^(delete|purge|revoke)/.test(one))).toEqual([]);
    expect(receipt).toMatchObject({
      blockers: [{ command: expect.stringContaining(groupName(refNamed('unsealed'))) as unknown }],
    });
  });

  it('also results from a run that fails, and is retried by DELETE', async () => {
    const arm = await moat.createReady('runfailed');
    arm.onNextCalls('listGroup', failWith('Forbidden', 'not allowed to list'));
    await moat.environments.remove('runfailed');
    expect((await moat.untilState('runfailed', 'blocked')).receipt).toMatchObject({
      blockers: [{ reason: 'missing permission: not allowed to list' }],
    });
    await moat.environments.remove('runfailed');
    await moat.untilState('runfailed', 'deleted');
  });
});
