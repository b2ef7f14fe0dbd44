import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { leaseTags } from '../../../src/domain/lease.ts';
import type { Sweep } from '../../../src/domain/sweep/record.ts';
import { setUpSchedule } from '../../../src/temporal/sweepSchedule.ts';
import { createSweeps } from '../../../src/temporal/sweeps.ts';
import { scheduleId } from '../../../src/workflows/messages.ts';
import { holdCall } from '../../workflows/fakeArm.ts';
import type { FakeArm } from '../../workflows/fakeArm.ts';
import { hour, sweepSettings } from '../../workflows/fixtures.ts';
import { startWorkflowHarness, until } from '../../workflows/workflowHarness.ts';
import type { WorkflowHarness } from '../../workflows/workflowHarness.ts';

const settings = sweepSettings();
let moat: WorkflowHarness;
let sweeps: ReturnType<typeof createSweeps>;
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'casessweep', { sweepSettings: settings });
  sweeps = createSweeps(moat.client);
});
afterAll(() => moat.close());

const untilEnded = (id: string): Promise<Sweep> =>
  until(`sweep ${id} has ended`, async () => {
    const current = await sweeps.get(id);
    return current.state !== 'running' && current;
  });
const sweep = async (dryRun = false): Promise<Sweep> => untilEnded((await sweeps.start(dryRun, 'ops')).id);
const namesIn = (of: Sweep, list: keyof Sweep['lists']): string[] => of.lists[list].map(({ name }) => name);

async function createExpired(name: string, hours: number, markedHours: number | null): Promise<FakeArm> {
  const lease = {
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

test('W01 a sweep that stops for changed settings stops again four hours later, until a person approves it', async () => {
  settings.policy.graceMs = 10 * hour;
  const arm = await createExpired('waits', 4, 3);
  expect(namesIn(await sweep(), 'waiting')).toEqual(['waits']);
  settings.policy.graceMs = hour;
  const stopped = await sweep();
  for (const one of [stopped, await sweep()])
    expect([one.state, one.stopReasons.map(({ code }) => code), namesIn(one, 'due')]).toEqual([
      'stopped',
      ['PolicyChanged'],
      ['waits'],
    ]);
  expect((await moat.environments.get('waits')).state).toBe('expired');
  const approved = await untilEnded((await sweeps.approve(stopped.id, 'ops')).id);
  expect([approved.requestedBy, namesIn(approved, 'tearDown')]).toEqual(['ops', ['waits']]);
  await moat.untilState('waits', 'deleted');
  expect([(await sweep()).state, arm.group.exists]).toEqual(['completed', false]);
});

const plan = ({ lists }: Sweep) =>
  Object.entries(lists).map(([list, entries]) => [list, entries.map((entry) => ({ ...entry, outcome: null }))]);

test('W07 a dry run lists what the next real sweep does, entry by entry', async () => {
  const arms = [
    await createExpired('fresh', 1, null),
    await createExpired('due', 9, 8),
    await createExpired('soon', 2, 0.5),
  ];
  const [dry, real] = [await sweep(true), await sweep()];
  expect(plan(real)).toEqual(plan(dry));
  expect([namesIn(real, 'mark'), namesIn(real, 'tearDown'), namesIn(real, 'waiting')]).toEqual([
    ['fresh'],
    ['due'],
    ['soon'],
  ]);
  await moat.untilState('due', 'deleted');
  for (const { group } of arms) group.exists = false;
});

test('W09 a group whose deletion begins between list and tag ends as gone, and the sweep continues', async () => {
  const [going, staying] = [await createExpired('going', 1, null), await createExpired('staying', 1, null)];
  going.onNextCalls('tagGroup', () => void (going.group.exists = false));
  const { state, lists } = await sweep();
  expect(state).toBe('completed');
  expect(lists.mark.find(({ name }) => name === 'going')?.outcome).toMatch(/^gone/);
  expect(staying.group.tags.markedAt).toMatch(/Z$/);
  staying.group.exists = false;
});

test('W03 a run in progress is neither marked nor torn down, even with an expired ttl', async () => {
  const arm = moat.arm('atwork');
  const { behaviour, reached, release } = holdCall();
  arm.onNextCalls('ensureResource registry', behaviour);
  await moat.create('atwork', { ttl: '1m' });
  await reached;
  const expiresAt = new Date(Date.now() - 9 * hour).toISOString();
  Object.assign(arm.group.tags, { expiresAt, markedAt: new Date(Date.now() - 8 * hour).toISOString() });
  const entry = {
    name: 'atwork',
    subscriptionId: settings.policy.subscriptionIds[0]!,
    owner: null,
    expiresAt,
    reason: '',
  };
  const { createSweepGateway } = await import('../../../src/temporal/sweepGateway.ts');
  const gateway = createSweepGateway(moat.client, settings);
  expect(await gateway.tearDown(entry, 'sweep-1')).toMatchObject({ done: false, text: 'a run is in progress' });
  expect(await gateway.mark(entry, new Date().toISOString())).toMatchObject({
    done: false,
    text: 'a run is in progress',
  });
  release();
  await moat.untilState('atwork', 'ready', 'expired');
  arm.group.exists = false;
});

test('W06 a trimmed expiry tag is written again by the environment, with the lease that it has', async () => {
  const arm = await createExpired('trimmed', 1, null);
  const { expiresAt } = arm.group.tags;
  arm.group.tags.expiresAt = '2026-11-2';
  const repaired = await sweep();
  expect(repaired.lists.repair).toMatchObject([{ name: 'trimmed', outcome: 'tags written' }]);
  expect(arm.group.tags).toMatchObject({ expiresAt, environment: 'trimmed', owner: 'ana@example.com' });
  expect(namesIn(await sweep(), 'mark')).toEqual(['trimmed']);
  arm.group.exists = false;
});

test('W06 an environment whose group lost its seal is reported as altered, and nothing is done to it', async () => {
  const arm = await createExpired('noseal', 9, 8);
  arm.group.sealed = false;
  const reported = await sweep();
  expect(reported.lists.altered).toMatchObject([
    { name: 'noseal', reason: expect.stringContaining('seal missing') as string },
  ]);
  expect([namesIn(reported, 'tearDown'), arm.called('listGroup')]).toEqual([[], false]);
  arm.group.exists = false;
});

test('W01 while the schedule is paused, no sweep marks or tears down anything, whoever starts it', async () => {
  await setUpSchedule(moat.client, {
    mode: 'on',
    intervalMs: 1000 * hour,
    timeZone: 'UTC',
    graceMs: hour,
    cap: null,
    dailyCap: null,
  });
  const schedule = moat.client.schedule.getHandle(scheduleId);
  const arms = [await createExpired('pausedmark', 1, null), await createExpired('pausedgo', 9, 8)];
  await schedule.pause('by a test');
  for (const one of [await sweep(), await sweep()]) {
    expect(one.state).toBe('off');
    expect(Object.values(one.lists).flat()).toEqual([]);
  }
  await schedule.trigger();
  await until('the triggered sweep has ended', async () => {
    const { items } = await sweeps.list({ limit: 10 });
    return items.filter(({ state }) => state === 'off').length === 3;
  });
  expect(arms.map(({ group }) => group.tags.markedAt ?? null)).toEqual([null, expect.any(String)]);
  expect((await moat.environments.get('pausedgo')).state).toBe('expired');
  await schedule.unpause();
  expect(namesIn(await sweep(), 'tearDown')).toEqual(['pausedgo']);
  await moat.untilState('pausedgo', 'deleted');
  for (const { group } of arms) group.exists = false;
});
