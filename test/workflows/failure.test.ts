import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { StepState } from '../../src/domain/progress.ts';
import { buildInternetRule } from '../../src/domain/resources.ts';
import type { Workflows } from './harness.ts';
import { refNamed } from './fakes.ts';
import { startWorkflows, until } from './harness.ts';
import { failing, gate } from './world.ts';

let moat: Workflows;
beforeAll(async () => {
  moat = await startWorkflows(inject('temporal').address, 'failure');
});
afterAll(() => moat.close());

const quota = failing('Quota', 'The subscription has 0 of 4 cores left.', {
  code: 'OutOfQuota',
  remedy: 'Request more quota.',
});

describe('a run that fails', () => {
  it('names step, type, code, message and remedy, and skips what was at work', async () => {
    const world = moat.world('broken');
    world.script('observeResource deployment', quota);
    await moat.create('broken');
    const { failure, steps, run } = await moat.untilState('broken', 'failed');
    expect(failure).toEqual({
      step: 'endpoint',
      type: 'Quota',
      code: 'OutOfQuota',
      message: 'The subscription has 0 of 4 cores left.',
      remedy: 'Request more quota.',
      correlationId: null,
    });
    expect(run).toBeNull();
    const stateOf = (id: string): StepState | undefined => steps.find((step) => step.id === id)?.state;
    expect(stateOf('endpoint')).toBe('failed');
    expect([stateOf('verify'), stateOf('score')]).not.toContain('succeeded');
    expect(steps.map(({ state }) => state)).not.toContain('running');
  });

  it('sends nothing more once its first failure is known', async () => {
    const world = moat.world('stopped');
    world.script('observeResource virtualNetwork', failing('InvalidRequest', 'overlapping address space'));
    // the endpoint needs the workspace alone: here that is ready only once the network has failed
    const { behaviour, open } = gate();
    world.script('observeResource workspace', behaviour);
    await moat.create('stopped');
    await until('the network has failed', async () => {
      const { steps } = await moat.environments.get('stopped');
      return steps.some(({ id, state }) => id === 'network' && state === 'failed');
    });
    open();
    await moat.untilState('stopped', 'failed');
    for (const label of ['networkInterface', 'virtualMachine', 'onlineEndpoint', 'deployment'] as const)
      expect(world.called(`ensureResource ${label}`), label).toBe(false);
  });

  it('creates nothing when the preflight blocks, and tells every finding', async () => {
    const world = moat.world('refused');
    world.findings = [
      { rule: 'PF-41', severity: 'blocks', message: 'The name is taken.', remedy: 'Choose another suffix.' },
      { rule: 'ML-QUOTA', severity: 'blocks', message: 'Too few cores.', remedy: 'Request more quota.' },
    ];
    await moat.create('refused');
    const { failure } = await moat.untilState('refused', 'failed');
    expect(failure).toMatchObject({
      step: 'preflight',
      type: 'PreflightFailed',
      message: 'PF-41: The name is taken.\nML-QUOTA: Too few cores.',
    });
    expect(world.calls.map(({ activity }) => activity)).not.toContain('ensureGroup');
    expect(world.group.exists).toBe(false);
  });

  it('is not ready when the endpoint answers wrongly', async () => {
    const world = moat.world('wronganswer');
    world.answers.score = { status: 200, body: [1, 2], latencyMs: 3 };
    await moat.create('wronganswer');
    expect((await moat.untilState('wronganswer', 'failed')).failure).toMatchObject({
      step: 'score',
      type: 'WrongAnswer',
    });
  });

  it.each([
    [503, 'Transient'],
    [404, 'DeploymentUnhealthy'],
    [424, 'DeploymentUnhealthy'],
    [401, 'Forbidden'],
  ])('says what it means that the endpoint answers %i', async (status, type) => {
    const name = `answers${status}`;
    moat.world(name).answers.score = { status, body: null, latencyMs: 3 };
    await moat.create(name);
    const { failure } = await moat.untilState(name, 'failed');
    expect(failure).toMatchObject({
      step: 'score',
      type,
      remedy: expect.stringContaining('POST the environment again'),
    });
  });

  it('keeps its own failure where the Internet cannot be closed either', async () => {
    const world = moat.world('bothbroken');
    world.script('observeJumpboxCommand buildImage', failing('ImageBuildFailed', 'no such base image'));
    world.always('deleteResource buildInternetRule', failing('Blocked', 'The scope is locked.'));
    await moat.create('bothbroken');
    const { failure } = await moat.untilState('bothbroken', 'failed');
    expect(failure).toMatchObject({ step: 'image', type: 'ImageBuildFailed' });
    expect(failure!.message).toMatch(
      /^no such base image\nThe build-time Internet rule still exists: The scope is locked/,
    );
  });

  it('outlasts trouble in Azure to close the Internet', async () => {
    const world = moat.world('outlasting');
    world.script('observeJumpboxCommand buildImage', failing('ImageBuildFailed', 'no such base image'));
    world.script('deleteResource buildInternetRule', failing('Transient', 'Service Unavailable'));
    await moat.create('outlasting');
    await moat.untilEnvironment('outlasting', ({ steps }) =>
      steps.some(({ message }) => /rule still exists: Service Unavailable; next attempt in 5 s/.test(message ?? '')),
    );
    expect((await moat.untilState('outlasting', 'failed')).failure).toMatchObject({ type: 'ImageBuildFailed' });
    expect([...world.resources.keys()].some((id) => /AllowInternetWhileBuilding/i.test(id))).toBe(false);
  });

  it('closes what a run that was lost has left open, whatever ends it', async () => {
    const world = moat.world('leftopen');
    world.script('observeResource natAddress', quota);
    await moat.create('leftopen');
    await moat.untilState('leftopen', 'failed');
    const { id, type } = buildInternetRule(refNamed('leftopen'));
    world.resources.set(id.toLowerCase(), { id, type, state: 'Succeeded' });
    world.script('observeResource natAddress', quota);
    await moat.create('leftopen');
    await moat.untilState('leftopen', 'failed');
    expect(world.resources.has(id.toLowerCase())).toBe(false);
  });

  it('does not count how often another operation is in the way', async () => {
    const world = moat.world('crowded');
    const busy = failing('Busy', 'another operation is in progress', { retry: true, blockedByOperation: true });
    world.script('observeResource virtualNetwork', ...Array.from({ length: 8 }, () => busy));
    await moat.create('crowded');
    expect((await moat.untilState('crowded', 'ready', 'failed')).failure).toBeNull();
  });

  it('is not ready when a name resolves to a public address from inside', async () => {
    const world = moat.world('leaky');
    world.answers.verify.rows[0]!.addresses = ['20.1.2.3'];
    await moat.create('leaky');
    expect((await moat.untilState('leaky', 'failed')).failure).toMatchObject({
      step: 'verify',
      type: 'IsolationBroken',
    });
  });

  it('keeps what it has made, unless asked to take it down', async () => {
    const world = moat.world('kept');
    world.script('observeResource deployment', quota);
    await moat.create('kept');
    await moat.untilState('kept', 'failed');
    expect(world.group.exists).toBe(true);
    expect(world.group.tags.state).toBe('failed');
    expect(world.calls.map(({ activity }) => activity)).not.toContain('deleteGroup');
  });

  it('takes everything down when the spec says onFailure teardown', async () => {
    const world = moat.world('cleanedup');
    world.script('observeResource deployment', quota);
    await moat.create('cleanedup', { onFailure: 'teardown' });
    const { receipt, failure } = await moat.untilState('cleanedup', 'deleted');
    expect(receipt).toMatchObject({ remaining: [], blockers: [] });
    expect(failure).toMatchObject({ type: 'Quota' });
    expect(world.group.exists).toBe(false);
  });

  it('goes on where it stopped when it is asked for again, and looks first', async () => {
    const world = moat.world('resumed');
    world.script('observeResource deployment', quota);
    await moat.create('resumed');
    await moat.untilState('resumed', 'failed');
    const before = world.calls.length;
    expect(await moat.create('resumed')).toMatchObject({ state: 'provisioning', failure: null });
    const { run, failure } = await moat.untilState('resumed', 'ready');
    expect([run, failure]).toEqual([null, null]);
    expect((await moat.environments.runs('resumed')).map(({ id, outcome }) => [id, outcome])).toEqual([
      ['provision-2', 'succeeded'],
      ['provision-1', 'failed'],
    ]);
    const second = world.calls.slice(before).filter(({ activity }) => activity === 'ensureResource');
    expect(second.every(({ input }) => (input as { readFirst: boolean }).readFirst)).toBe(true);
    expect(second.length).toBeGreaterThan(20);
  });

  it('refuses another spec under its name', async () => {
    const world = moat.world('conflict');
    world.script('observeResource deployment', quota);
    await moat.create('conflict');
    await moat.untilState('conflict', 'failed');
    await expect(moat.create('conflict', { instanceCount: 2 })).rejects.toMatchObject({ code: 'SpecConflict' });
  });

  it('fails, and stays to be asked for again, where the group is somebody else’s', async () => {
    const world = moat.world('foreign');
    world.group.exists = true;
    world.group.sealed = false;
    world.findings = [
      { rule: 'PF-41', severity: 'blocks', message: 'The group is not ours.', remedy: 'Choose another name.' },
    ];
    await moat.create('foreign');
    expect((await moat.untilState('foreign', 'failed')).failure).toMatchObject({ type: 'PreflightFailed' });
  });
});
