import proto from '@temporalio/proto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { StepId } from '../../src/domain/steps.ts';
import { runWorkflowId } from '../../src/workflows/messages.ts';
import type { Workflows } from './harness.ts';
import { startWorkflows, until } from './harness.ts';
import { failing, gate, inProgress } from './world.ts';
import type { Label } from './world.ts';

const cancelRequested = proto.temporal.api.enums.v1.PendingActivityState.PENDING_ACTIVITY_STATE_CANCEL_REQUESTED;

let moat: Workflows;
beforeAll(async () => {
  moat = await startWorkflows(inject('temporal').address, 'cancel');
});
afterAll(() => moat.close());

/** What each step does first. */
const firstOf: Record<StepId, Label> = {
  preflight: 'preflight',
  resourceGroup: 'ensureGroup',
  network: 'ensureResource natAddress',
  workspace: 'ensureResource identity',
  jumpbox: 'ensureResource buildInternetRule',
  image: 'beginJumpboxCommand buildImage',
  endpoint: 'ensureResource onlineEndpoint',
  verify: 'beginJumpboxCommand verify',
  score: 'beginJumpboxCommand score',
};
/** What would come next. */
const nextOf: Record<StepId, Label> = {
  preflight: 'ensureGroup',
  resourceGroup: 'ensureResource natAddress',
  network: 'ensureResource natGateway',
  workspace: 'ensureResource virtualMachine',
  jumpbox: 'beginJumpboxCommand setUp',
  image: 'registerVersions',
  endpoint: 'grantRole listKeys',
  verify: 'readOutputs',
  score: 'readOutputs',
};
const everyStep = Object.entries(firstOf) as [StepId, Label][];

/** Stands an environment up as far as the beginning of a step; that request stays in flight until it is let go. */
async function upTo(name: string, label: Label): Promise<{ release: () => void }> {
  const { behaviour, reached, open } = gate();
  moat.world(name).script(label, behaviour);
  await moat.create(name);
  await reached;
  return { release: open };
}

/** Waits until the run at work knows that it is to stop. */
async function stopping(name: string): Promise<void> {
  const run = moat.client.workflow.getHandle(runWorkflowId(name, 'provision-1'));
  await until('the request in flight is asked to stop', async () => {
    const { pendingActivities } = (await run.describe()).raw;
    return pendingActivities?.some(({ state }) => state === cancelRequested);
  });
}

describe.concurrent('a run that is cancelled', () => {
  it.each(everyStep)('at the beginning of %s ends cancelled, and nothing follows', async (step, label) => {
    const name = `stop-${step.toLowerCase()}`;
    const world = moat.world(name);
    const { release } = await upTo(name, label);
    await moat.environments.cancel(name, { teardown: false });
    await stopping(name);
    release();
    const environment = await moat.untilState(name, 'cancelled');
    expect(environment.failure).toMatchObject({ type: 'Cancelled' });
    const states = environment.steps.map(({ state }) => state);
    expect(states).toContain('skipped');
    expect(states).not.toContain('running');
    expect(world.called(nextOf[step])).toBe(false);
    expect(world.called('ensureResource buildInternetRule')).toBe(world.called('observeDeletion buildInternetRule'));
    expect(await moat.environments.runs(name)).toMatchObject([{ id: 'provision-1', outcome: 'cancelled' }]);
  });

  it.each(everyStep)('at the beginning of %s with teardown ends deleted, with nothing left', async (step, label) => {
    const name = `drop-${step.toLowerCase()}`;
    const world = moat.world(name);
    const { release } = await upTo(name, label);
    await moat.environments.cancel(name, { teardown: true });
    await stopping(name);
    release();
    const { receipt } = await moat.untilState(name, 'deleted');
    expect(receipt).toMatchObject({ remaining: [], blockers: [] });
    expect([world.group.exists, world.resources.size, world.softDeletedVault]).toEqual([false, 0, false]);
  });

  it('is stopped while Azure is still at something', async () => {
    const world = moat.world('waiting');
    world.always('observeResource registry', inProgress);
    await moat.create('waiting');
    await moat.untilEnvironment('waiting', () => world.called('observeResource registry'));
    await moat.environments.cancel('waiting', { teardown: false });
    await moat.untilState('waiting', 'cancelled');
  });

  it('is cancelled and not failed when the request in flight breaks meanwhile', async () => {
    const { behaviour, reached, open } = gate();
    const breaks = failing('Transient', 'socket hang up', { retryable: true });
    moat.world('broken').script('ensureResource identity', async () => {
      await behaviour();
      return breaks();
    });
    await moat.create('broken');
    await reached;
    await moat.environments.cancel('broken', { teardown: false });
    await stopping('broken');
    open();
    expect((await moat.untilState('broken', 'cancelled', 'failed')).state).toBe('cancelled');
  });

  it('closes the Internet though Azure fails in it once', async () => {
    const world = moat.world('closing');
    world.script('observeDeletion buildInternetRule', failing('Transient', 'no', { retry: true }));
    const { release } = await upTo('closing', firstOf.image);
    await moat.environments.cancel('closing', { teardown: false });
    release();
    expect((await moat.untilState('closing', 'cancelled', 'failed')).state).toBe('cancelled');
    expect([...world.resources.keys()].some((id) => /AllowInternetWhileBuilding/i.test(id))).toBe(false);
  });

  it('says which rule stays open where a lock keeps it, beside what ended the run', async () => {
    const world = moat.world('locked');
    world.always(
      'deleteResource buildInternetRule',
      failing('Blocked', 'The scope is locked.', { code: 'ScopeLocked' }),
    );
    const { release } = await upTo('locked', firstOf.image);
    await moat.environments.cancel('locked', { teardown: false });
    release();
    const { failure } = await moat.untilState('locked', 'cancelled', 'failed');
    expect(failure).toMatchObject({ step: 'image', type: 'Blocked', code: 'ScopeLocked' });
    expect(failure!.message).toMatch(/was cancelled.\nThe build-time Internet rule still exists/);
    expect(failure!.remedy).toMatch(/^az network nsg rule delete --ids .*AllowInternetWhileBuilding$/);
  });

  it('with teardown goes also where the run has just ended', async () => {
    const { behaviour, reached, open } = gate();
    // the first tag is of the beginning, the second of the end
    moat.world('justover').script('tagGroup', () => undefined, behaviour);
    await moat.create('justover');
    await reached;
    await moat.environments.cancel('justover', { teardown: true });
    open();
    await moat.untilState('justover', 'deleted');
    expect((await moat.environments.runs('justover')).at(-1)).toMatchObject({ outcome: 'succeeded' });
  });

  it('removes a script’s run command though nobody heard that it was sent', async () => {
    const world = moat.world('unheard');
    const { behaviour, reached, open } = gate();
    const breaks = failing('Transient', 'socket hang up', { retryable: true });
    world.script('beginJumpboxCommand setUp', async () => {
      await behaviour();
      return breaks();
    });
    await moat.create('unheard');
    await reached;
    await moat.environments.cancel('unheard', { teardown: false });
    await stopping('unheard');
    open();
    await moat.untilState('unheard', 'cancelled');
    expect(world.called('deleteJumpboxCommand setUp')).toBe(true);
  });

  it('goes on where it stopped when the environment is asked for again', async () => {
    const { release } = await upTo('again', firstOf.workspace);
    await moat.environments.cancel('again', { teardown: false });
    release();
    await moat.untilState('again', 'cancelled');
    await moat.create('again');
    expect((await moat.untilState('again', 'ready')).failure).toBeNull();
    expect(await moat.environments.runs('again')).toMatchObject([{ id: 'provision-2' }, { id: 'provision-1' }]);
  });

  it('cannot be cancelled once more: nothing runs', async () => {
    const { release } = await upTo('once', firstOf.preflight);
    await moat.environments.cancel('once', { teardown: false });
    release();
    await moat.untilState('once', 'cancelled');
    await expect(moat.environments.cancel('once', { teardown: true })).rejects.toMatchObject({ code: 'NothingRuns' });
  });
});

describe.concurrent('an environment that is deleted while it is being stood up', () => {
  it('shows deleting at once, stops the run and then goes', async () => {
    const { release } = await upTo('hasty', firstOf.endpoint);
    expect((await moat.environments.remove('hasty')).state).toBe('deleting');
    expect(moat.world('hasty').called('revokeRoles')).toBe(false);
    release();
    await moat.untilState('hasty', 'deleted');
    const runs = await moat.environments.runs('hasty');
    expect(runs.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['teardown-1', 'succeeded'],
      ['provision-1', 'cancelled'],
    ]);
    expect(Date.parse(runs[1]!.finishedAt!)).toBeLessThanOrEqual(Date.parse(runs[0]!.startedAt));
  });

  it('answers that it is being deleted to who asks for it again', async () => {
    const { release } = await upTo('regretted', firstOf.network);
    await moat.environments.remove('regretted');
    await expect(moat.create('regretted')).rejects.toMatchObject({ code: 'BeingDeleted' });
    release();
    await moat.untilState('regretted', 'deleted');
  });

  it('can be asked for anew when it is deleted', async () => {
    const { release } = await upTo('phoenix', firstOf.network);
    await moat.environments.remove('phoenix');
    release();
    await moat.untilState('phoenix', 'deleted');
    await moat.create('phoenix', { instanceCount: 2 });
    await moat.untilState('phoenix', 'ready');
    expect(await moat.environments.runs('phoenix')).toMatchObject([{ id: 'provision-1' }]);
  });
});
