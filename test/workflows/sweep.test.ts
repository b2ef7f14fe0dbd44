import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Lease } from '../../src/domain/environment.ts';
import { leaseTags } from '../../src/domain/lease.ts';
import type { FoundGroup } from '../../src/domain/sweep/inputs.ts';
import type { Sweep } from '../../src/domain/sweep/record.ts';
import { createSweeps } from '../../src/temporal/sweeps.ts';
import { hour, subscriptionId, sweepSettings } from './fixtures.ts';
import { startWorkflowHarness, until } from './workflowHarness.ts';
import type { WorkflowHarness } from './workflowHarness.ts';
import { failWith, holdCall } from './fakeArm.ts';
import type { Behaviour, FakeArm } from './fakeArm.ts';
import { startWebhookReceiver } from './webhookReceiver.ts';

const settings = sweepSettings();

/** Groups in addition to those of the fake ARMs, a thousand per page. */
let extraGroups: FoundGroup[] = [];
/** Runs before groups are listed. */
let beforeListing: Behaviour = () => undefined;

let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
let moat: WorkflowHarness;
let sweeps: ReturnType<typeof createSweeps>;
beforeAll(async () => {
  receiver = await startWebhookReceiver();
  moat = await startWorkflowHarness(inject('temporal').address, 'sweep', {
    sweepSettings: settings,
    webhook: receiver.webhook,
    activities: {
      findGroups: async ({ subscriptionId: own, next }) => {
        await beforeListing();
        const from = Number(next ?? 0);
        const groups =
          from === 0 ? (await moat.fakeActivities.findGroups({ subscriptionId: own, next: null })).groups : [];
        const more = from + 1000 < extraGroups.length;
        return {
          groups: [...groups, ...extraGroups.slice(from, from + 1000)],
          next: more ? String(from + 1000) : null,
          armNow: Date.now(),
        };
      },
    },
  });
  sweeps = createSweeps(moat.client);
});
afterAll(async () => {
  await moat.close();
  receiver.close();
});
beforeEach(() => {
  extraGroups = [];
  beforeListing = () => undefined;
  settings.mode = 'on';
});

async function runSweep(dryRun = false): Promise<Sweep> {
  const { id } = await sweeps.start(dryRun, 'ops');
  return until(`sweep ${id} has ended`, async () => {
    const current = await sweeps.get(id);
    return current.state !== 'running' && current;
  });
}

/** An environment whose lease expired `hours` ago and that was marked `markedHours` ago; its group has the same tags. */
async function createExpired(name: string, hours: number, markedHours: number | null): Promise<FakeArm> {
  const lease: Lease = {
    expiresAt: new Date(Date.now() - hours * hour).toISOString(),
    protected: false,
    reason: null,
    markedAt: markedHours === null ? null : new Date(Date.now() - markedHours * hour).toISOString(),
  };
  const arm = moat.arm(name);
  Object.assign(arm.group.tags, { owner: 'ana', ...leaseTags(lease) });
  await moat.createReady(name, lease);
  await moat.untilState(name, 'expired');
  return arm;
}
const event = (type: string, name: string): unknown =>
  expect.objectContaining({ type, environment: expect.objectContaining({ name }) });
const deletions = ({ calls }: FakeArm): number => calls.filter(({ activity }) => activity === 'deleteResource').length;
const namesIn = (sweep: Sweep, list: 'mark' | 'tearDown'): string[] => sweep.lists[list].map(({ name }) => name);

describe('an environment whose lease has expired', () => {
  it('is marked, and torn down after the grace period; the webhook gets an event for each', async () => {
    const [fresh, due] = [await createExpired('fresh', 1, null), await createExpired('due', 9, 8)];
    const sweep = await runSweep();
    expect([namesIn(sweep, 'mark'), namesIn(sweep, 'tearDown')]).toEqual([['fresh'], ['due']]);
    expect(fresh.group.tags.markedAt).toMatch(/Z$/);
    expect((await moat.environments.get('fresh')).lease.markedAt).toBe(fresh.group.tags.markedAt);
    await moat.untilState('due', 'deleted');
    expect(due.group.exists).toBe(false);
    await expect
      .poll(() => receiver.events)
      .toEqual(
        expect.arrayContaining([
          event('environment.marked', 'fresh'),
          event('environment.teardownStarted', 'due'),
          event('environment.deleted', 'due'),
        ]),
      );
    expect((await runSweep()).lists.waiting.map(({ name }) => name)).toEqual(['fresh']);
    fresh.group.exists = false;
  });

  it('with locked tags does not keep others from being marked', async () => {
    const [locked, free] = [await createExpired('lockedtags', 1, null), await createExpired('freetags', 1, null)];
    locked.onEveryCall('tagGroup', failWith('Blocked', 'The scope is locked.'));
    const sweep = await runSweep();
    expect(sweep.state).toBe('completed');
    expect(sweep.lists.mark.find(({ name }) => name === 'lockedtags')).toMatchObject({
      outcome: 'Blocked: The scope is locked.',
    });
    expect(free.group.tags.markedAt).toMatch(/Z$/);
    for (const { group } of [locked, free]) group.exists = false;
  });

  it('is kept unchanged when it is renewed before the first deletion', async () => {
    const arm = await createExpired('renewedinsweep', 9, 8);
    const { behaviour, reached, release } = holdCall();
    arm.onNextCalls('readLease', behaviour);
    const sweep = runSweep();
    await reached;
    await moat.environments.change('renewedinsweep', { ttl: '4h' }, undefined);
    release();
    const [entry] = (await sweep).lists.tearDown;
    expect(entry).toMatchObject({ name: 'renewedinsweep', outcome: 'the lease is no longer expired' });
    expect((await moat.environments.get('renewedinsweep')).state).toBe('ready');
    expect(deletions(arm)).toBe(0);
    arm.group.exists = false;
  });

  it('keeps its remaining resources when it is protected between two phases, and reports the remedy', async () => {
    const arm = await createExpired('halfway', 9, 8);
    const { behaviour, reached, release } = holdCall();
    arm.onNextCalls('deleteResource virtualMachine', behaviour);
    await runSweep();
    await reached;
    await moat.environments.change('halfway', { protected: true, reason: 'needed after all' }, undefined);
    release();
    const environment = await moat.untilState('halfway', 'cancelled');
    expect(environment.failure).toMatchObject({ code: 'LeaseRenewed', remedy: expect.stringContaining('POST') });
    expect(arm.called('deleteResource virtualNetwork')).toBe(false);
    expect(arm.group.exists).toBe(true);
    await expect(moat.environments.remove('halfway')).rejects.toMatchObject({ code: 'Protected' });
    arm.group.exists = false;
  });

  it('cannot be renewed after a DELETE', async () => {
    const arm = await createExpired('deleted', 9, 8);
    const { behaviour, reached, release } = holdCall();
    arm.onNextCalls('listGroup', behaviour);
    await moat.environments.remove('deleted');
    await reached;
    await expect(moat.environments.change('deleted', { ttl: '4h' }, undefined)).rejects.toMatchObject({
      code: 'BeingDeleted',
    });
    release();
    await moat.untilState('deleted', 'deleted');
  });
});

it('concurrent sweeps together keep the cap of one sweep', async () => {
  const arms = [];
  for (let i = 0; i < 8; i++) arms.push(await createExpired(`many${i}`, 9 + i, 8));
  const both = await Promise.all([runSweep(), runSweep()]);
  const names = new Set(both.flatMap((sweep) => namesIn(sweep, 'tearDown')));
  expect(names.size).toBeLessThanOrEqual(5);
  for (const name of names) await moat.untilState(name, 'deleted');
  for (const arm of arms) arm.group.exists = false;
});

it('a sweep ends when sweeps are switched off, and reports the entries that it did not execute', async () => {
  const arms = [];
  for (let i = 0; i < 7; i++) arms.push(await createExpired(`unmarked${i}`, 1, null));
  for (const arm of arms) arm.onEveryCall('tagGroup', () => void (settings.mode = 'off'));
  const sweep = await runSweep();
  expect(sweep.state).toBe('off');
  expect(sweep.lists.mark.map(({ outcome }) => outcome)).toContain('sweeps were switched off');
  for (const arm of arms) Object.assign(arm.group, { exists: false });
});

it('in mode `dry` every sweep is a dry run', async () => {
  settings.mode = 'dry';
  const arm = await createExpired('dry', 9, 8);
  const sweep = await runSweep();
  expect([sweep.dryRun, namesIn(sweep, 'tearDown'), sweep.lists.tearDown[0]!.outcome]).toEqual([true, ['dry'], null]);
  expect(deletions(arm)).toBe(0);
  arm.group.exists = false;
});

it('a dry run over a thousand environments stays far below the limits of a history', async () => {
  const count = Number(process.env['SWEEP_GROUPS'] ?? 1000);
  const group = {
    subscriptionId,
    location: 'westus2',
    seal: 'own' as const,
    owner: 'ana@example.com',
    spec: 'f'.repeat(32),
  };
  const expiresAt = new Date(Date.now() - 9 * hour).toISOString();
  extraGroups = Array.from({ length: count }, (_, i) => ({
    ...group,
    group: `rg-moat-extra${i}`,
    name: `extra${i}`,
    state: 'ready',
    expiresAt,
    markedAt: null,
    protected: null,
  }));
  const sweep = await runSweep(true);
  expect(sweep.counts).toMatchObject({ recover: count, mark: count });
  const { historyLength, raw } = await moat.client.workflow.getHandle(sweep.id).describe();
  const bytes = Number(raw.workflowExecutionInfo?.historySizeBytes);
  if (process.env['SWEEP_GROUPS']) console.log({ count, historyLength, bytes });
  expect(historyLength).toBeLessThan(200);
  expect(bytes).toBeLessThan(count * 2_000);
});

it('a sweep that fails records the reason', async () => {
  beforeListing = failWith('Forbidden', 'may not list groups');
  expect(await runSweep(true)).toMatchObject({
    state: 'failed',
    failure: { type: 'Forbidden', message: 'may not list groups' },
  });
});
