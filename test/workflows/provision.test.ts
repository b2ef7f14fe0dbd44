import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ProvisionReceipt } from '../../src/domain/environment.ts';
import { plannedResource } from '../../src/domain/resources.ts';
import { steps } from '../../src/domain/steps.ts';
import type { WorkflowHarness } from './workflowHarness.ts';
import { startWorkflowHarness } from './workflowHarness.ts';
import { privateLinkKeys } from '../../src/domain/privateLinks.ts';
import { runWorkflowId } from '../../src/workflows/messages.ts';
import { refNamed } from './fixtures.ts';
import { failWith, inProgress, inProgressUntil } from './fakeArm.ts';

let moat: WorkflowHarness;
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'provision');
});
afterAll(() => moat.close());

describe('provisioning an environment', () => {
  it('ends ready, with every step succeeded, a proof of isolation and the expected score', async () => {
    await moat.create('success');
    const environment = await moat.untilState('success', 'ready');
    expect(environment.steps.map(({ id, state }) => [id, state])).toEqual(steps.map(({ id }) => [id, 'succeeded']));
    expect(environment.receipt).toMatchObject({ score: { status: 200 }, proof: { complete: true } });
    expect(environment.proof).toEqual((environment.receipt as ProvisionReceipt).proof);
    expect(environment.outputs).toHaveProperty('scoringUri');
    expect(environment.failure).toBeNull();
  });

  it('A01 has in its receipt what a policy made stricter', async () => {
    const ref = refNamed('stricter');
    const resource = plannedResource(ref, 'storageAccount').id;
    const change = { resource, property: 'minimumTlsVersion', requested: 'TLS1_2', actual: 'TLS1_3' };
    moat.arm('stricter').policyChanges.push(change);
    await moat.create('stricter', { suffix: ref.suffix });
    expect((await moat.untilState('stricter', 'ready', 'failed')).receipt).toMatchObject({ policyChanges: [change] });
  });

  it('has in its receipt the findings of the preflight that did not block', async () => {
    const warning = { rule: 'VM-SIZE', severity: 'warns', message: 'restricted', remedy: '', source: 'docs' } as const;
    const unknown = { ...warning, rule: 'PF-42', severity: 'unknown' } as const;
    moat.arm('verdict').preflightFindings = [warning, unknown];
    await moat.create('verdict');
    const { receipt } = await moat.untilState('verdict', 'ready', 'failed');
    expect(receipt).toMatchObject({ findings: [warning, unknown] });
  });

  it('ends no step before the steps that it needs', async () => {
    await moat.create('ordered');
    const reported = (await moat.untilState('ordered', 'ready')).steps;
    const endOf = (id: string): number => Date.parse(reported.find((step) => step.id === id)!.finishedAt!);
    for (const { id, needs } of steps)
      for (const need of needs) expect(endOf(id), `${id} needs ${need}`).toBeGreaterThanOrEqual(endOf(need));
  });

  it('creates nothing before the preflight has passed', async () => {
    const arm = moat.arm('preflightfirst');
    await moat.create('preflightfirst');
    await moat.untilState('preflightfirst', 'ready');
    const firstWrite = arm.calls.findIndex(
      ({ activity }) => activity === 'ensureGroup' || activity === 'ensureResource',
    );
    expect(arm.firstIndexOf('preflight')).toBeLessThan(firstWrite);
  });

  it('creates the private endpoints and the network interface in parallel', async () => {
    const arm = moat.arm('parallel');
    const keys = ['networkInterface', ...privateLinkKeys.map((link) => `privateEndpoint:${link}` as const)] as const;
    const allStarted = () => keys.every((key) => arm.called(`ensureResource ${key}`));
    // the workspace's private endpoint starts later, because the workspace takes longest
    const early = keys.filter((key) => key !== 'privateEndpoint:workspace');
    const earlyStarted = () => early.every((key) => arm.called(`ensureResource ${key}`));
    for (const key of early) arm.onEveryCall(`observeResource ${key}`, inProgressUntil(earlyStarted));
    await moat.create('parallel');
    await moat.untilState('parallel', 'ready');
    expect(allStarted()).toBe(true);
  });

  it('retries a private endpoint that ARM refuses while another operation is in progress', async () => {
    const arm = moat.arm('refused');
    const busy = failWith('Busy', 'AnotherOperationInProgress', { retryable: true });
    arm.onNextCalls('ensureResource privateEndpoint:blob', busy, busy);
    await moat.create('refused');
    await moat.untilState('refused', 'ready');
    expect(arm.inputs('ensureResource privateEndpoint:blob')).toHaveLength(3);
  });

  it('waits for operations of Azure without timers, and has one activity per resource', async () => {
    await moat.create('waits');
    await moat.untilState('waits', 'ready');
    const { events } = await moat.client.workflow.getHandle(runWorkflowId('waits', 'provision-1')).fetchHistory();
    expect(events!.filter(({ timerStartedEventAttributes }) => timerStartedEventAttributes)).toEqual([]);
    const ids = events!.flatMap(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityId ?? []);
    const repeated = ids.filter((id, index) => ids.indexOf(id) !== index);
    // the endpoint once more, with its traffic
    expect(repeated).toEqual(['endpoint:ensure:onlineEndpoint']);
    expect(events!.length).toBeLessThan(400);
  });

  it('has activity ids of step, verb and resource key, without anything that the user typed', async () => {
    await moat.create('plainids', { owner: 'Ana Typed-Text' });
    await moat.untilState('plainids', 'ready');
    const { events } = await moat.client.workflow.getHandle(runWorkflowId('plainids', 'provision-1')).fetchHistory();
    const ids = events!.flatMap(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityId ?? []);
    expect(ids).toEqual(expect.arrayContaining(['network:ensure:virtualNetwork', 'jumpbox:run:setUp']));
    expect(ids.filter((id) => !/^[a-zA-Z]+:[a-z]+:[\w.:-]+$/.test(id) || /plainids|typed/i.test(id))).toEqual([]);
  });

  it('starts the virtual machine while the workspace is being created', async () => {
    const arm = moat.arm('sidebyside');
    const vmStarted = () => arm.called('ensureResource virtualMachine');
    arm.onEveryCall('observeResource workspace', inProgressUntil(vmStarted));
    await moat.create('sidebyside');
    await moat.untilState('sidebyside', 'ready');
    expect(vmStarted()).toBe(true);
  });

  it('starts the registry while the network is being created', async () => {
    const arm = moat.arm('earlyregistry');
    const registryStarted = () => arm.called('ensureResource registry');
    arm.onEveryCall('observeResource natAddress', inProgressUntil(registryStarted));
    await moat.create('earlyregistry');
    await moat.untilState('earlyregistry', 'ready');
    expect(arm.firstIndexOf('ensureResource registry')).toBeLessThan(arm.firstIndexOf('ensureResource virtualNetwork'));
  });

  it('does not count a poll of a running operation as an attempt', async () => {
    const arm = moat.arm('polled');
    arm.onNextCalls('observeResource registry', inProgress, inProgress, inProgress);
    await moat.create('polled');
    const { steps } = await moat.untilState('polled', 'ready');
    expect(steps.find(({ id }) => id === 'workspace')).toMatchObject({ state: 'succeeded', attempt: 1 });
    expect(arm.inputs('ensureResource registry')).toHaveLength(1);
    expect(arm.inputs('observeResource registry')).toHaveLength(4);
  });

  it('retries an operation after a transient failure, and reads the resource first', async () => {
    const arm = moat.arm('retried');
    arm.onNextCalls('observeResource registry', failWith('Transient', 'Service Unavailable', { retry: true }));
    await moat.create('retried');
    const { steps } = await moat.untilState('retried', 'ready');
    expect(arm.inputs('ensureResource registry')).toMatchObject([{ readFirst: false }, { readFirst: true }]);
    const step = steps.find(({ id }) => id === 'workspace')!;
    expect(step).toMatchObject({ state: 'succeeded', attempt: 2 });
    const retried = step.resources.filter(({ attempt }) => attempt !== undefined);
    expect(retried).toEqual([expect.objectContaining({ id: expect.stringContaining('/registries/'), attempt: 2 })]);
  });

  it('fails after five transient failures of an operation', async () => {
    const arm = moat.arm('fivefailures');
    arm.onEveryCall('observeResource registry', failWith('Transient', 'Service Unavailable', { retry: true }));
    await moat.create('fivefailures');
    const { failure } = await moat.untilState('fivefailures', 'failed');
    expect(arm.inputs('ensureResource registry')).toHaveLength(5);
    expect(failure).toMatchObject({ step: 'workspace', type: 'Transient' });
  });

  it('retries a jumpbox command under another name after a transient script failure', async () => {
    const arm = moat.arm('resent');
    arm.onNextCalls(
      'observeJumpboxCommand setUp',
      failWith('Transient', 'no package mirror answered', { retry: true }),
    );
    await moat.create('resent');
    await moat.untilState('resent', 'ready');
    expect(arm.inputs('beginJumpboxCommand setUp')).toMatchObject([
      { name: 'setUp-provision-1-1' },
      { name: 'setUp-provision-1-2' },
    ]);
    expect(arm.inputs('deleteJumpboxCommand setUp')).toHaveLength(2);
  });

  it('passes the registered code and model versions to the deployment', async () => {
    await moat.create('versions');
    await moat.untilState('versions', 'ready');
    expect(moat.arm('versions').inputs('ensureResource deployment')).toMatchObject([
      { options: { format: 'custom', versions: { codeId: 'code of code/1', modelId: 'model of model/1' } } },
    ]);
  });

  it('a repeated POST starts no second run', async () => {
    await moat.create('repeated');
    await moat.create('repeated');
    await moat.untilState('repeated', 'ready');
    await moat.create('repeated', { ttl: '4h', owner: 'ben@example.com', onFailure: 'teardown' });
    expect(await moat.environments.runs('repeated')).toHaveLength(1);
  });
});

describe('the build-time Internet rule', () => {
  it('is deleted after the image build and before the proof of isolation', async () => {
    const arm = moat.arm('rulesuccess');
    await moat.create('rulesuccess');
    await moat.untilState('rulesuccess', 'ready');
    const created = arm.firstIndexOf('ensureResource buildInternetRule');
    const deleted = arm.firstIndexOf('observeDeletion buildInternetRule');
    expect(created).toBeLessThan(deleted);
    expect(deleted).toBeLessThan(arm.firstIndexOf('proveFromArm'));
  });

  it('is deleted when the image build fails', async () => {
    const arm = moat.arm('rulebuildfailed');
    arm.onNextCalls('observeJumpboxCommand buildImage', failWith('ImageBuildFailed', 'no Dockerfile'));
    await moat.create('rulebuildfailed');
    await moat.untilState('rulebuildfailed', 'failed');
    expect(arm.called('observeDeletion buildInternetRule')).toBe(true);
  });

  it('is deleted when another operation fails while the rule is being created', async () => {
    const arm = moat.arm('rulecreating');
    arm.onEveryCall('observeResource buildInternetRule', inProgress);
    arm.onNextCalls(
      'observeResource storageAccount',
      inProgressUntil(() => arm.called('observeResource buildInternetRule')),
    );
    arm.onNextCalls('checkPrivateLinks', failWith('Forbidden', 'not allowed'));
    await moat.create('rulecreating');
    await moat.untilState('rulecreating', 'failed');
    expect(arm.called('observeDeletion buildInternetRule')).toBe(true);
  });
});
