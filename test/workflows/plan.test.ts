import { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { stepIds } from '../../src/domain/steps.ts';
import { createPlans } from '../../src/temporal/plans.ts';
import { readStepHistory } from '../../src/temporal/stepUsuals.ts';
import { ownNamespace } from '../e2e/support/namespace.ts';
import { failWith, holdCall } from './fakeArm.ts';
import { specOf, subscriptionId } from './fixtures.ts';
import { startWorkflowHarness, until } from './workflowHarness.ts';
import type { WorkflowHarness } from './workflowHarness.ts';

const timeScale = 1 / 60;
let moat: WorkflowHarness;
let plans: ReturnType<typeof createPlans>;
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'plan');
  await until('a worker polls', async () => (await moat.environments.readiness()).worker);
  plans = createPlans(moat.client, { subscriptionId, timeScale });
});
afterAll(() => moat.close());

const activitiesOf = (name: string) => moat.arm(name).calls.map(({ activity }) => activity);

const rulesOf = async (name: string, change: Parameters<typeof specOf>[1] = {}) =>
  (await plans.plan(specOf(name, change))).findings.map(({ rule, severity }) => `${rule} ${severity}`);

describe('a plan', () => {
  it('of a new environment creates everything, and only reads', async () => {
    moat.arm('fresh').preflightFindings = [
      { rule: 'PF-33', severity: 'blocks', message: 'a lock', remedy: 'az lock delete', source: 'docs' },
      { rule: 'PF-43', severity: 'assumed', message: 'a name', remedy: '', source: 'docs' },
    ];
    const plan = await plans.plan(specOf('fresh'));
    expect([plan.ok, plan.findings.length]).toEqual([false, 2]);
    expect(plan.steps).toHaveLength(9);
    expect(new Set(plan.resources.map(({ action }) => action))).toEqual(new Set(['create']));
    expect(plan.duration).toMatchObject({ source: 'table', runs: 0 });
    expect(plan.duration.minSeconds).toBeGreaterThan(10);
    expect(activitiesOf('fresh')).toEqual(['preflight']);
    await expect(moat.environments.get('fresh')).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('of an existing environment adopts what exists, takes no time for it, and leaves the environment alone', async () => {
    await moat.createReady('existing');
    const fresh = await plans.plan(specOf('another'));
    const plan = await plans.plan(specOf('existing'));
    expect(plan.ok).toBe(true);
    expect(plan.resources.filter(({ action }) => action !== 'adopt').map(({ title }) => title)).toEqual(['disk']);
    expect(plan.duration.maxSeconds).toBeLessThan(0.7 * fresh.duration.maxSeconds);
    expect(activitiesOf('existing')).toEqual(['preflight', 'compareResources']);
    expect(await moat.environments.get('existing')).toMatchObject({ state: 'ready', run: null });
  });

  it('reports as a finding what a POST would be refused for', async () => {
    const blocked = await moat.createReady('blockedplan');
    blocked.locks = [
      { id: '/subscriptions/s/providers/Microsoft.Authorization/locks/l', level: 'CanNotDelete', scope: 'g' },
    ];
    await moat.environments.remove('blockedplan');
    expect(await rulesOf('blockedplan')).toEqual(['BeingDeleted blocks']);

    await moat.create('holder');
    await moat.untilState('holder', 'ready');
    expect(await rulesOf('holder')).toEqual([]);
    expect(await rulesOf('holder', { location: 'eastus' })).toEqual(['SpecConflict blocks']);
    expect(await rulesOf('other', { suffix: specOf('holder').suffix })).toEqual(['SuffixInUse blocks']);

    const everybody = { environments: 0, locations: null, instanceTypes: null, maxTtl: '7d' };
    const limited = createPlans(moat.client, { subscriptionId, timeScale, policy: { everybody, owners: {} } });
    const { ok, findings } = await limited.plan(specOf('onemore'));
    expect([ok, findings.map(({ rule }) => rule)]).toEqual([false, ['TooManyEnvironments']]);
  });

  it('reports another spec once, although the group’s tags show it too', async () => {
    await moat.createReady('otherspec');
    moat.arm('otherspec').preflightFindings = [
      { rule: 'SPEC', severity: 'blocks', message: 'another spec', remedy: '', source: 'docs' },
      { rule: 'PF-43', severity: 'assumed', message: 'a name', remedy: '', source: 'docs' },
    ];
    expect(await rulesOf('otherspec', { location: 'eastus' })).toEqual(['SpecConflict blocks', 'PF-43 assumed']);
    // without its workflow, only the tags show it
    moat.arm('orphan').preflightFindings = moat.arm('otherspec').preflightFindings;
    expect(await rulesOf('orphan')).toEqual(['SPEC blocks', 'PF-43 assumed']);
  });

  it('after a teardown of the same name counts its names as freed, as the next run does', async () => {
    const freedAt = () =>
      (moat.arm('replanned').inputs('preflight') as { namesFreedAt?: string; waits?: boolean }[]).map(
        ({ namesFreedAt, waits }) => ({ namesFreedAt, waits }),
      );
    await moat.create('replanned');
    await moat.untilState('replanned', 'ready');
    await moat.environments.remove('replanned');
    await moat.untilState('replanned', 'deleted');
    await plans.plan(specOf('replanned'));
    await moat.create('replanned');
    await moat.untilState('replanned', 'ready');
    const [first, plan, second] = freedAt();
    expect(first!.namesFreedAt).toBeUndefined();
    expect(plan).toEqual({ namesFreedAt: expect.any(String) as string, waits: false });
    expect(second!.namesFreedAt).toEqual(expect.any(String));
  });

  it('of one name can be made several times at once', async () => {
    const made = await Promise.all([plans.plan(specOf('twice')), plans.plan(specOf('twice'))]);
    expect(made[0]).toEqual(made[1]);
  });

  it('whose reads are refused fails with what ARM said and the remedy', async () => {
    moat.arm('refused').onEveryCall('preflight', failWith('Forbidden', 'no reader', { remedy: 'assign Reader' }));
    await expect(plans.plan(specOf('refused'))).rejects.toMatchObject({
      code: 'PlanFailed',
      message: 'Forbidden: no reader assign Reader',
    });
  });

  it('finds the steps of the installation’s own first run', async () => {
    await moat.create('measured');
    await moat.untilState('measured', 'ready');
    const history = await until('the run is found', async () => {
      const found = await readStepHistory(moat.client);
      return Object.keys(found).length > 0 && found;
    });
    expect(Object.keys(history)).toEqual(stepIds);
    expect(Object.values(history).every(([seconds]) => seconds! >= 0)).toBe(true);
  });

  it('has its counterpart while the run is in progress: how long the running step usually takes', async () => {
    const { behaviour, reached, release } = holdCall();
    moat.arm('running').onNextCalls('preflight', behaviour);
    await moat.create('running');
    await reached;
    const [preflight, group] = (await moat.environments.get('running')).steps;
    release();
    expect(preflight).toMatchObject({ state: 'running', usual: { source: 'table', runs: 0, unusual: false } });
    expect(group).not.toHaveProperty('usual');
    await moat.untilState('running', 'ready');
  });

  it('without a worker fails with Unavailable and a retry delay', async () => {
    const namespace = await ownNamespace(inject('temporal').address, 'plan-idle');
    const idle = new Client({ connection: moat.client.connection, namespace });
    await expect(createPlans(idle, { subscriptionId, timeScale }).plan(specOf('churn1'))).rejects.toMatchObject({
      code: 'Unavailable',
      message: 'No worker is running.',
      retryAfter: 5,
    });
  });
});
