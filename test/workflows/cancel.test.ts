import proto from '@temporalio/proto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { StepId } from '../../src/domain/steps.ts';
import { runWorkflowId } from '../../src/workflows/messages.ts';
import type { WorkflowHarness } from './workflowHarness.ts';
import { startWorkflowHarness, until } from './workflowHarness.ts';
import { failWith, holdCall, inProgress } from './fakeArm.ts';
import type { CallLabel } from './fakeArm.ts';

const cancelRequested = proto.temporal.api.enums.v1.PendingActivityState.PENDING_ACTIVITY_STATE_CANCEL_REQUESTED;

let moat: WorkflowHarness;
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'cancel');
});
afterAll(() => moat.close());

/** The first call of each step. */
const firstCallOf: Record<StepId, CallLabel> = {
  preflight: 'preflight',
  resourceGroup: 'ensureGroup',
  network: 'ensureResource natAddress',
  workspace: 'ensureResource identity',
  jumpbox: 'ensureResource buildInternetRule',
  image: 'beginJumpboxCommand buildImage',
  endpoint: 'ensureResource onlineEndpoint',
  verify: 'beginJumpboxCommand verify',
  score: 'beginJumpboxCommand scoreSample',
};
/** A call that only follows when the step is not cancelled. */
const nextCallOf: Record<StepId, CallLabel> = {
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
const everyStep = Object.entries(firstCallOf) as [StepId, CallLabel][];

/** Provisions an environment up to a call, which stays in flight until `release` is called. */
async function provisionUpTo(name: string, label: CallLabel): Promise<{ release: () => void }> {
  const { behaviour, reached, release } = holdCall();
  moat.arm(name).onNextCalls(label, behaviour);
  await moat.create(name);
  await reached;
  return { release };
}

/** Waits until the call in flight has been requested to cancel. */
async function untilCancelRequested(name: string): Promise<void> {
  const run = moat.client.workflow.getHandle(runWorkflowId(name, 'provision-1'));
  await until('cancellation of the call in flight is requested', async () => {
    const { pendingActivities } = (await run.describe()).raw;
    return pendingActivities?.some(({ state }) => state === cancelRequested);
  });
}

describe.concurrent('a cancelled run', () => {
  it.each(everyStep)('in step %s ends cancelled, and no further call is made', async (step, label) => {
    const name = `cancel-${step.toLowerCase()}`;
    const arm = moat.arm(name);
    const { release } = await provisionUpTo(name, label);
    await moat.environments.cancel(name, { teardown: false });
    await untilCancelRequested(name);
    release();
    const environment = await moat.untilState(name, 'cancelled');
    expect(environment.failure).toMatchObject({ type: 'Cancelled' });
    const states = environment.steps.map(({ state }) => state);
    expect(states).toContain('skipped');
    expect(states).not.toContain('running');
    expect(arm.called(nextCallOf[step])).toBe(false);
    expect(arm.called('ensureResource buildInternetRule')).toBe(arm.called('observeDeletion buildInternetRule'));
    expect(await moat.environments.runs(name)).toMatchObject([{ id: 'provision-1', outcome: 'cancelled' }]);
  });

  it.each(everyStep)('in step %s with teardown ends deleted, and nothing remains', async (step, label) => {
    const name = `teardown-${step.toLowerCase()}`;
    const arm = moat.arm(name);
    const { release } = await provisionUpTo(name, label);
    await moat.environments.cancel(name, { teardown: true });
    await untilCancelRequested(name);
    release();
    const { receipt } = await moat.untilState(name, 'deleted');
    expect(receipt).toMatchObject({ remaining: [], blockers: [] });
    expect([arm.group.exists, arm.resources.size, arm.softDeletedVault]).toEqual([false, 0, false]);
  });

  it('stops while an Azure operation is running', async () => {
    const arm = moat.arm('polling');
    arm.onEveryCall('observeResource registry', inProgress);
    await moat.create('polling');
    await moat.untilEnvironment('polling', () => arm.called('observeResource registry'));
    await moat.environments.cancel('polling', { teardown: false });
    await moat.untilState('polling', 'cancelled');
  });

  it('is cancelled, not failed, when the call in flight fails meanwhile', async () => {
    const { behaviour, reached, release } = holdCall();
    const fail = failWith('Transient', 'socket hang up', { retryable: true });
    moat.arm('callfailed').onNextCalls('ensureResource identity', async () => {
      await behaviour();
      return fail();
    });
    await moat.create('callfailed');
    await reached;
    await moat.environments.cancel('callfailed', { teardown: false });
    await untilCancelRequested('callfailed');
    release();
    expect((await moat.untilState('callfailed', 'cancelled', 'failed')).state).toBe('cancelled');
  });

  it('removes the build-time Internet rule after a transient failure', async () => {
    const arm = moat.arm('ruleretried');
    arm.onNextCalls('observeDeletion buildInternetRule', failWith('Transient', 'Service Unavailable', { retry: true }));
    const { release } = await provisionUpTo('ruleretried', firstCallOf.image);
    await moat.environments.cancel('ruleretried', { teardown: false });
    release();
    expect((await moat.untilState('ruleretried', 'cancelled', 'failed')).state).toBe('cancelled');
    expect([...arm.resources.keys()].some((id) => /AllowInternetWhileBuilding/i.test(id))).toBe(false);
  });

  it('reports an Internet rule that a lock keeps, in addition to the cancellation', async () => {
    const arm = moat.arm('locked');
    arm.onEveryCall(
      'deleteResource buildInternetRule',
      failWith('Blocked', 'The scope is locked.', { code: 'ScopeLocked' }),
    );
    const { release } = await provisionUpTo('locked', firstCallOf.image);
    await moat.environments.cancel('locked', { teardown: false });
    release();
    const { failure } = await moat.untilState('locked', 'cancelled', 'failed');
    expect(failure).toMatchObject({ step: 'image', type: 'Blocked', code: 'ScopeLocked' });
    expect(failure!.message).toMatch(/was cancelled.\nThe build-time Internet rule still exists/);
    expect(failure!.remedy).toMatch(/^az network nsg rule delete --ids .*AllowInternetWhileBuilding$/);
  });

  it('with teardown is torn down also when the run has just completed', async () => {
    const { behaviour, reached, release } = holdCall();
    // tags are written with the group, and once more at the end of the run
    moat.arm('justcompleted').onNextCalls('tagGroup', behaviour);
    await moat.create('justcompleted');
    await reached;
    await moat.environments.cancel('justcompleted', { teardown: true });
    release();
    await moat.untilState('justcompleted', 'deleted');
    expect((await moat.environments.runs('justcompleted')).at(-1)).toMatchObject({ outcome: 'succeeded' });
  });

  it('deletes a run command whose creation got no response', async () => {
    const arm = moat.arm('noresponse');
    const { behaviour, reached, release } = holdCall();
    const fail = failWith('Transient', 'socket hang up', { retryable: true });
    arm.onNextCalls('beginJumpboxCommand setUp', async () => {
      await behaviour();
      return fail();
    });
    await moat.create('noresponse');
    await reached;
    await moat.environments.cancel('noresponse', { teardown: false });
    await untilCancelRequested('noresponse');
    release();
    await moat.untilState('noresponse', 'cancelled');
    expect(arm.called('deleteJumpboxCommand setUp')).toBe(true);
  });

  it('is continued by a repeated POST', async () => {
    const { release } = await provisionUpTo('continued', firstCallOf.workspace);
    await moat.environments.cancel('continued', { teardown: false });
    release();
    await moat.untilState('continued', 'cancelled');
    await moat.create('continued');
    expect((await moat.untilState('continued', 'ready')).failure).toBeNull();
    expect(await moat.environments.runs('continued')).toMatchObject([{ id: 'provision-2' }, { id: 'provision-1' }]);
  });

  it('cannot be cancelled twice', async () => {
    const { release } = await provisionUpTo('once', firstCallOf.preflight);
    await moat.environments.cancel('once', { teardown: false });
    release();
    await moat.untilState('once', 'cancelled');
    await expect(moat.environments.cancel('once', { teardown: true })).rejects.toMatchObject({ code: 'NothingRuns' });
  });
});

describe.concurrent('an environment that is deleted while it is being provisioned', () => {
  it('is deleting immediately; its run is cancelled and awaited before the teardown', async () => {
    const { release } = await provisionUpTo('deletedearly', firstCallOf.endpoint);
    expect((await moat.environments.remove('deletedearly')).state).toBe('deleting');
    expect(moat.arm('deletedearly').called('revokeRoles')).toBe(false);
    release();
    await moat.untilState('deletedearly', 'deleted');
    const runs = await moat.environments.runs('deletedearly');
    expect(runs.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['teardown-1', 'succeeded'],
      ['provision-1', 'cancelled'],
    ]);
    expect(Date.parse(runs[1]!.finishedAt!)).toBeLessThanOrEqual(Date.parse(runs[0]!.startedAt));
  });

  it('refuses a POST with BeingDeleted', async () => {
    const { release } = await provisionUpTo('postedtoolate', firstCallOf.network);
    await moat.environments.remove('postedtoolate');
    await expect(moat.create('postedtoolate')).rejects.toMatchObject({ code: 'BeingDeleted' });
    release();
    await moat.untilState('postedtoolate', 'deleted');
  });

  it('can be created again after it is deleted', async () => {
    const { release } = await provisionUpTo('recreated', firstCallOf.network);
    await moat.environments.remove('recreated');
    release();
    await moat.untilState('recreated', 'deleted');
    await moat.create('recreated', { instanceCount: 2 });
    await moat.untilState('recreated', 'ready');
    expect(await moat.environments.runs('recreated')).toMatchObject([{ id: 'provision-1' }]);
  });
});
