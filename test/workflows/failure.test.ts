import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { StepState } from '../../src/domain/progress.ts';
import { buildInternetRule } from '../../src/domain/resources.ts';
import type { WorkflowHarness } from './workflowHarness.ts';
import { refNamed } from './fixtures.ts';
import { startWorkflowHarness, until } from './workflowHarness.ts';
import { failWith, holdCall } from './fakeArm.ts';

let moat: WorkflowHarness;
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'failure');
});
afterAll(() => moat.close());

const quota = failWith('Quota', 'The subscription has 0 of 4 cores left.', {
  code: 'OutOfQuota',
  remedy: 'Request more quota.',
});

describe('a run that fails', () => {
  it('reports step, type, code, message and remedy, and skips the steps in progress', async () => {
    const arm = moat.arm('broken');
    arm.onNextCalls('observeResource deployment', quota);
    await moat.create('broken');
    const { failure, steps, run } = await moat.untilState('broken', 'failed');
    expect(failure).toEqual({
      step: 'endpoint',
      type: 'Quota',
      code: 'OutOfQuota',
      message: 'The subscription has 0 of 4 cores left.',
      remedy: 'Request more quota.',
      correlationId: null,
      log: null,
    });
    expect(run).toBeNull();
    const stateOf = (id: string): StepState | undefined => steps.find((step) => step.id === id)?.state;
    expect(stateOf('endpoint')).toBe('failed');
    expect([stateOf('verify'), stateOf('score')]).not.toContain('succeeded');
    expect(steps.map(({ state }) => state)).not.toContain('running');
  });

  it('sends no further request after the first failure', async () => {
    const arm = moat.arm('stopped');
    arm.onNextCalls('observeResource virtualNetwork', failWith('InvalidRequest', 'overlapping address space'));
    // the endpoint needs only the workspace, which here is ready after the network has failed
    const { behaviour, release } = holdCall();
    arm.onNextCalls('observeResource workspace', behaviour);
    await moat.create('stopped');
    await until('the network has failed', async () => {
      const { steps } = await moat.environments.get('stopped');
      return steps.some(({ id, state }) => id === 'network' && state === 'failed');
    });
    release();
    await moat.untilState('stopped', 'failed');
    for (const label of ['networkInterface', 'virtualMachine', 'onlineEndpoint', 'deployment'] as const)
      expect(arm.called(`ensureResource ${label}`), label).toBe(false);
  });

  it('creates nothing when the preflight fails, and reports every finding', async () => {
    const arm = moat.arm('refused');
    arm.preflightFindings = [
      {
        rule: 'PF-41',
        severity: 'blocks',
        message: 'The name is taken.',
        remedy: 'Choose another suffix.',
        source: '',
      },
      { rule: 'ML-QUOTA', severity: 'blocks', message: 'Too few cores.', remedy: 'Request more quota.', source: '' },
    ];
    await moat.create('refused');
    const { failure, receipt } = await moat.untilState('refused', 'failed');
    expect(failure).toMatchObject({
      step: 'preflight',
      type: 'PreflightFailed',
      message: 'PF-41: The name is taken.\nML-QUOTA: Too few cores.',
    });
    expect(receipt).toEqual({ findings: arm.preflightFindings });
    expect((await moat.environments.run('refused', 'provision-1')).receipt).toEqual(receipt);
    expect(arm.calls.map(({ activity }) => activity)).not.toContain('ensureGroup');
    expect(arm.group.exists).toBe(false);
  });

  it('keeps in its receipt what the preflight found, and a proof that failed', async () => {
    const arm = moat.arm('laterfailure');
    arm.preflightFindings = [
      { rule: 'PF-42', severity: 'assumed', message: 'Assumed to be free.', remedy: '', source: 'docs' },
    ];
    arm.onNextCalls('observeJumpboxCommand buildImage', failWith('ImageBuildFailed', 'no such base image'));
    await moat.create('laterfailure');
    const first = await moat.untilState('laterfailure', 'failed');
    expect(first.receipt).toEqual({ findings: arm.preflightFindings });
    arm.commandResults.verify.rows[0]!.addresses = ['20.1.2.3'];
    await moat.create('laterfailure');
    const { receipt, proof } = await moat.untilState('laterfailure', 'failed');
    expect(proof).toMatchObject({ complete: false });
    expect(receipt).toEqual({ findings: arm.preflightFindings, proof });
  });

  it('fails when the score is not the expected one', async () => {
    const arm = moat.arm('wrongscore');
    const differs = { verdict: 'differs', path: '$[0]', expected: '11055.97', actual: '1' } as const;
    Object.assign(arm.commandResults.scoreSample, { comparison: differs, excerpt: '[1, 2]', bytes: 6 });
    await moat.create('wrongscore');
    expect((await moat.untilState('wrongscore', 'failed')).failure).toMatchObject({
      step: 'score',
      type: 'WrongAnswer',
    });
  });

  it.each([
    [503, 'Transient'],
    [404, 'DeploymentUnhealthy'],
    [424, 'DeploymentUnhealthy'],
    [401, 'Forbidden'],
  ])('maps the endpoint’s status %i to the failure type %s', async (status, type) => {
    const name = `answers${status}`;
    Object.assign(moat.arm(name).commandResults.scoreSample, { status, body: null, comparison: null });
    await moat.create(name);
    const { failure } = await moat.untilState(name, 'failed');
    expect(failure).toMatchObject({
      step: 'score',
      type,
      remedy: expect.stringContaining('POST the environment again'),
    });
  });

  it('keeps the first failure when the Internet rule cannot be removed either', async () => {
    const arm = moat.arm('twofailures');
    arm.onNextCalls('observeJumpboxCommand buildImage', failWith('ImageBuildFailed', 'no such base image'));
    arm.onEveryCall('deleteResource buildInternetRule', failWith('Blocked', 'The scope is locked.'));
    await moat.create('twofailures');
    const { failure } = await moat.untilState('twofailures', 'failed');
    expect(failure).toMatchObject({ step: 'image', type: 'ImageBuildFailed' });
    expect(failure!.message).toMatch(
      /^no such base image\nThe build-time Internet rule still exists: The scope is locked/,
    );
  });

  it('removes the Internet rule despite transient failures', async () => {
    const arm = moat.arm('ruleretried');
    arm.onNextCalls('observeJumpboxCommand buildImage', failWith('ImageBuildFailed', 'no such base image'));
    arm.onNextCalls('deleteResource buildInternetRule', failWith('Transient', 'Service Unavailable'));
    await moat.create('ruleretried');
    await moat.untilEnvironment('ruleretried', ({ steps }) =>
      steps.some(({ message }) => /rule still exists: Service Unavailable; next attempt in 5 s/.test(message ?? '')),
    );
    expect((await moat.untilState('ruleretried', 'failed')).failure).toMatchObject({ type: 'ImageBuildFailed' });
    expect([...arm.resources.keys()].some((id) => /AllowInternetWhileBuilding/i.test(id))).toBe(false);
  });

  it('removes the Internet rule of an earlier run', async () => {
    const arm = moat.arm('earlierrule');
    arm.onNextCalls('observeResource natAddress', quota);
    await moat.create('earlierrule');
    await moat.untilState('earlierrule', 'failed');
    const { id, type } = buildInternetRule(refNamed('earlierrule'));
    arm.resources.set(id.toLowerCase(), { id, type, state: 'Succeeded' });
    arm.onNextCalls('observeResource natAddress', quota);
    await moat.create('earlierrule');
    await moat.untilState('earlierrule', 'failed');
    expect(arm.resources.has(id.toLowerCase())).toBe(false);
  });

  it('does not count retries while another operation is in progress', async () => {
    const arm = moat.arm('busy');
    const busy = failWith('Busy', 'another operation is in progress', { retry: true, blockedByOperation: true });
    arm.onNextCalls('observeResource virtualNetwork', ...Array.from({ length: 8 }, () => busy));
    await moat.create('busy');
    expect((await moat.untilState('busy', 'ready', 'failed')).failure).toBeNull();
  });

  it('fails when a name resolves to a public address inside the network', async () => {
    const arm = moat.arm('publicaddress');
    arm.commandResults.verify.rows[0]!.addresses = ['20.1.2.3'];
    await moat.create('publicaddress');
    expect((await moat.untilState('publicaddress', 'failed')).failure).toMatchObject({
      step: 'verify',
      type: 'IsolationBroken',
    });
  });

  it('keeps its resources by default', async () => {
    const arm = moat.arm('kept');
    arm.onNextCalls('observeResource deployment', quota);
    await moat.create('kept');
    await moat.untilState('kept', 'failed');
    expect(arm.group.exists).toBe(true);
    expect(arm.group.tags.state).toBe('failed');
    expect(arm.calls.map(({ activity }) => activity)).not.toContain('deleteGroup');
  });

  it('tears everything down with onFailure: teardown', async () => {
    const arm = moat.arm('torndown');
    arm.onNextCalls('observeResource deployment', quota);
    await moat.create('torndown', { onFailure: 'teardown' });
    const { receipt, failure } = await moat.untilState('torndown', 'deleted');
    expect(receipt).toMatchObject({ remaining: [], blockers: [] });
    expect(failure).toMatchObject({ type: 'Quota' });
    expect(arm.group.exists).toBe(false);
  });

  it('is continued by a repeated POST, which reads every resource before it writes', async () => {
    const arm = moat.arm('resumed');
    arm.onNextCalls('observeResource deployment', quota);
    await moat.create('resumed');
    await moat.untilState('resumed', 'failed');
    const before = arm.calls.length;
    expect(await moat.create('resumed')).toMatchObject({ state: 'provisioning', failure: null });
    const { run, failure } = await moat.untilState('resumed', 'ready');
    expect([run, failure]).toEqual([null, null]);
    expect((await moat.environments.runs('resumed')).map(({ id, outcome }) => [id, outcome])).toEqual([
      ['provision-2', 'succeeded'],
      ['provision-1', 'failed'],
    ]);
    const repeatedCalls = arm.calls.slice(before).filter(({ activity }) => activity === 'ensureResource');
    expect(repeatedCalls.every(({ input }) => (input as { readFirst: boolean }).readFirst)).toBe(true);
    expect(repeatedCalls.length).toBeGreaterThan(20);
  });

  it('refuses another spec under its name', async () => {
    const arm = moat.arm('conflict');
    arm.onNextCalls('observeResource deployment', quota);
    await moat.create('conflict');
    await moat.untilState('conflict', 'failed');
    await expect(moat.create('conflict', { instanceCount: 2 })).rejects.toMatchObject({ code: 'SpecConflict' });
  });

  it('fails in the preflight when the group belongs to another owner', async () => {
    const arm = moat.arm('foreign');
    arm.group.exists = true;
    arm.group.sealed = false;
    arm.preflightFindings = [
      {
        rule: 'PF-41',
        severity: 'blocks',
        message: 'The group is not ours.',
        remedy: 'Choose another name.',
        source: '',
      },
    ];
    await moat.create('foreign');
    expect((await moat.untilState('foreign', 'failed')).failure).toMatchObject({ type: 'PreflightFailed' });
  });
});
