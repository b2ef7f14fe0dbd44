import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { steps } from '../../src/domain/steps.ts';
import type { Workflows } from './harness.ts';
import { startWorkflows } from './harness.ts';
import { privateLinkKeys } from '../../src/domain/privateLinks.ts';
import { runWorkflowId } from '../../src/workflows/messages.ts';
import { failing, inProgress, inProgressUntil } from './world.ts';

let moat: Workflows;
beforeAll(async () => {
  moat = await startWorkflows(inject('temporal').address, 'provision');
});
afterAll(() => moat.close());

describe('standing up an environment', () => {
  it('ends ready, with every step succeeded, a proof of isolation and a right score', async () => {
    await moat.create('whole');
    const environment = await moat.untilState('whole', 'ready');
    expect(environment.steps.map(({ id, state }) => [id, state])).toEqual(steps.map(({ id }) => [id, 'succeeded']));
    expect(environment.receipt).toMatchObject({ score: { status: 200 }, proof: [{}, {}, {}] });
    expect(environment.outputs).toHaveProperty('scoringUri');
    expect(environment.failure).toBeNull();
  });

  it('ends no step before those that it needs', async () => {
    await moat.create('ordered');
    const shown = (await moat.untilState('ordered', 'ready')).steps;
    const endOf = (id: string): number => Date.parse(shown.find((step) => step.id === id)!.finishedAt!);
    for (const { id, needs } of steps)
      for (const need of needs) expect(endOf(id), `${id} needs ${need}`).toBeGreaterThanOrEqual(endOf(need));
  });

  it('creates nothing before the preflight has passed', async () => {
    const world = moat.world('careful');
    await moat.create('careful');
    await moat.untilState('careful', 'ready');
    const changing = world.calls.findIndex(
      ({ activity }) => activity === 'ensureGroup' || activity === 'ensureResource',
    );
    expect(world.position('preflight')).toBeLessThan(changing);
  });

  it('creates the private endpoints and the network interface in parallel', async () => {
    const world = moat.world('parallel');
    const keys = ['networkInterface', ...privateLinkKeys.map((link) => `privateEndpoint:${link}` as const)] as const;
    const allBegun = () => keys.every((key) => world.called(`ensureResource ${key}`));
    // the private endpoint of the workspace is begun later: its target takes longest
    const early = keys.filter((key) => key !== 'privateEndpoint:workspace');
    const earlyBegun = () => early.every((key) => world.called(`ensureResource ${key}`));
    for (const key of early) world.always(`observeResource ${key}`, inProgressUntil(earlyBegun));
    await moat.create('parallel');
    await moat.untilState('parallel', 'ready');
    expect(allBegun()).toBe(true);
  });

  it('sends a private endpoint again that ARM refuses while another operation is in progress', async () => {
    const world = moat.world('refused');
    const busy = failing('Busy', 'AnotherOperationInProgress', { retryable: true });
    world.script('ensureResource privateEndpoint:blob', busy, busy);
    await moat.create('refused');
    await moat.untilState('refused', 'ready');
    expect(world.inputs('ensureResource privateEndpoint:blob')).toHaveLength(3);
  });

  it('waits for Retry-After before it polls', async () => {
    const world = moat.world('waits');
    await moat.create('waits');
    await moat.untilState('waits', 'ready');
    const { events } = await moat.client.workflow.getHandle(runWorkflowId('waits', 'provision-1')).fetchHistory();
    const begun = world.calls.filter(({ activity }) => activity === 'ensureResource').length;
    expect(events!.filter(({ timerStartedEventAttributes }) => timerStartedEventAttributes)).toHaveLength(begun);
  });

  it('has activity ids of step, verb and resource key, without anything that the user typed', async () => {
    await moat.create('plainids', { owner: 'Ana Typed-Text' });
    await moat.untilState('plainids', 'ready');
    const { events } = await moat.client.workflow.getHandle(runWorkflowId('plainids', 'provision-1')).fetchHistory();
    const ids = events!.flatMap(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityId ?? []);
    expect(ids).toEqual(expect.arrayContaining(['network:ensure:virtualNetwork', 'network:observe:virtualNetwork']));
    expect(ids.filter((id) => !/^[a-zA-Z]+:[a-z]+:[\w.:-]+$/.test(id) || /plainids|typed/i.test(id))).toEqual([]);
  });

  it('begins the virtual machine while the workspace is still being made', async () => {
    const world = moat.world('sidebyside');
    const vmBegun = () => world.called('ensureResource virtualMachine');
    world.always('observeResource workspace', inProgressUntil(vmBegun));
    await moat.create('sidebyside');
    await moat.untilState('sidebyside', 'ready');
    expect(vmBegun()).toBe(true);
  });

  it('begins the registry while the network is still being made', async () => {
    const world = moat.world('earlyregistry');
    const registryBegun = () => world.called('ensureResource registry');
    world.always('observeResource natAddress', inProgressUntil(registryBegun));
    await moat.create('earlyregistry');
    await moat.untilState('earlyregistry', 'ready');
    expect(world.position('ensureResource registry')).toBeLessThan(world.position('ensureResource virtualNetwork'));
  });

  it('looks again at a running operation without counting a try', async () => {
    const world = moat.world('patient');
    world.script('observeResource registry', inProgress, inProgress, inProgress);
    await moat.create('patient');
    const { steps } = await moat.untilState('patient', 'ready');
    expect(steps.find(({ id }) => id === 'workspace')).toMatchObject({ state: 'succeeded', attempt: 1 });
    expect(world.inputs('ensureResource registry')).toHaveLength(1);
    expect(world.inputs('observeResource registry')).toHaveLength(4);
  });

  it('begins an operation again that failed for a passing reason, and looks first', async () => {
    const world = moat.world('secondtry');
    world.script('observeResource registry', failing('Transient', 'Azure had a bad minute', { retry: true }));
    await moat.create('secondtry');
    const { steps } = await moat.untilState('secondtry', 'ready');
    expect(world.inputs('ensureResource registry')).toMatchObject([{ readFirst: false }, { readFirst: true }]);
    expect(steps.find(({ id }) => id === 'workspace')).toMatchObject({ state: 'succeeded', attempt: 2 });
  });

  it('gives an operation up that fails for a passing reason five times', async () => {
    const world = moat.world('fifthtry');
    world.always('observeResource registry', failing('Transient', 'Azure had a bad day', { retry: true }));
    await moat.create('fifthtry');
    const { failure } = await moat.untilState('fifthtry', 'failed');
    expect(world.inputs('ensureResource registry')).toHaveLength(5);
    expect(failure).toMatchObject({ step: 'workspace', type: 'Transient' });
  });

  it('sends a jumpbox command anew, under another name, when its script failed for a passing reason', async () => {
    const world = moat.world('resent');
    world.script('observeJumpboxCommand setUp', failing('Transient', 'no package mirror answered', { retry: true }));
    await moat.create('resent');
    await moat.untilState('resent', 'ready');
    expect(world.inputs('beginJumpboxCommand setUp')).toMatchObject([
      { name: 'setUp-provision-1-1' },
      { name: 'setUp-provision-1-2' },
    ]);
    expect(world.inputs('deleteJumpboxCommand setUp')).toHaveLength(2);
  });

  it('gives the deployment what was registered of the built image', async () => {
    await moat.create('handedon');
    await moat.untilState('handedon', 'ready');
    expect(moat.world('handedon').inputs('ensureResource deployment')).toMatchObject([
      { options: { format: 'custom', versions: { codeId: 'code of code/1', modelId: 'model of model/1' } } },
    ]);
  });

  it('asks again for the same environment without a second run', async () => {
    await moat.create('twice');
    await moat.create('twice');
    await moat.untilState('twice', 'ready');
    await moat.create('twice', { ttl: '4h', owner: 'ben@example.com', onFailure: 'teardown' });
    expect(await moat.environments.runs('twice')).toHaveLength(1);
  });
});

describe('the build-time Internet rule', () => {
  it('is closed when the image is built, before isolation is proved', async () => {
    const world = moat.world('closed');
    await moat.create('closed');
    await moat.untilState('closed', 'ready');
    const opened = world.position('ensureResource buildInternetRule');
    const closed = world.position('observeDeletion buildInternetRule');
    expect(opened).toBeLessThan(closed);
    expect(closed).toBeLessThan(world.position('checkInternetRule'));
  });

  it('is closed when the image build fails', async () => {
    const world = moat.world('closedfailed');
    world.script('observeJumpboxCommand buildImage', failing('ImageBuildFailed', 'no Dockerfile'));
    await moat.create('closedfailed');
    await moat.untilState('closedfailed', 'failed');
    expect(world.called('observeDeletion buildInternetRule')).toBe(true);
  });

  it('is closed when something else fails while it is being opened', async () => {
    const world = moat.world('halfopen');
    world.always('observeResource buildInternetRule', inProgress);
    world.script(
      'observeResource storageAccount',
      inProgressUntil(() => world.called('observeResource buildInternetRule')),
    );
    world.script('checkPrivateLinks', failing('Forbidden', 'not allowed'));
    await moat.create('halfopen');
    await moat.untilState('halfopen', 'failed');
    expect(world.called('observeDeletion buildInternetRule')).toBe(true);
  });
});
