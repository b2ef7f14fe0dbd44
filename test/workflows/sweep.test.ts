import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
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

const settings = sweepSettings();

/** Groups beside those of the arms, a thousand to a page. */
let crowd: FoundGroup[] = [];
/** What listing groups does first. */
let listing: Behaviour = () => undefined;
const told: { type: string; environment: { name: string } | null }[] = [];
const listener = createServer((request, response) => {
  void request.toArray().then((chunks) => {
    told.push(JSON.parse(chunks.join('')) as (typeof told)[0]);
    response.writeHead(204).end();
  });
});

let moat: WorkflowHarness;
let sweeps: ReturnType<typeof createSweeps>;
beforeAll(async () => {
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  moat = await startWorkflowHarness(inject('temporal').address, 'sweep', {
    sweepSettings: settings,
    webhook: { url, secret: 'sixteen characters', allowLoopback: true },
    activities: {
      findGroups: async ({ subscriptionId: own, next }) => {
        await listing();
        const from = Number(next ?? 0);
        const groups =
          from === 0 ? (await moat.fakeActivities.findGroups({ subscriptionId: own, next: null })).groups : [];
        const more = from + 1000 < crowd.length;
        return {
          groups: [...groups, ...crowd.slice(from, from + 1000)],
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
  listener.close();
});
beforeEach(() => {
  crowd = [];
  listing = () => undefined;
  settings.mode = 'on';
});

async function swept(dryRun = false): Promise<Sweep> {
  const { id } = await sweeps.start(dryRun);
  return until(`sweep ${id} has ended`, async () => {
    const seen = await sweeps.get(id);
    return seen.state !== 'running' && seen;
  });
}

/** A standing environment whose lease is over for so many hours, and marked since `marked`; its group's tags say so too. */
async function overFor(name: string, hours: number, marked: number | null): Promise<FakeArm> {
  const lease: Lease = {
    expiresAt: new Date(Date.now() - hours * hour).toISOString(),
    protected: false,
    reason: null,
    markedAt: marked === null ? null : new Date(Date.now() - marked * hour).toISOString(),
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

describe('an environment that is over', () => {
  it('is marked, and torn down when its grace is over; who asked is told of each', async () => {
    const [fresh, due] = [await overFor('fresh', 1, null), await overFor('due', 9, 8)];
    const sweep = await swept();
    expect([namesIn(sweep, 'mark'), namesIn(sweep, 'tearDown')]).toEqual([['fresh'], ['due']]);
    expect(fresh.group.tags.markedAt).toMatch(/Z$/);
    expect((await moat.environments.get('fresh')).lease.markedAt).toBe(fresh.group.tags.markedAt);
    await moat.untilState('due', 'deleted');
    expect(due.group.exists).toBe(false);
    await expect
      .poll(() => told)
      .toEqual(
        expect.arrayContaining([
          event('environment.marked', 'fresh'),
          event('environment.teardownBegun', 'due'),
          event('environment.deleted', 'due'),
        ]),
      );
    expect((await swept()).lists.waiting.map(({ name }) => name)).toEqual(['fresh']);
    fresh.group.exists = false;
  });

  it('keeps no other from being told where its own tags are locked', async () => {
    const [locked, free] = [await overFor('lockedtags', 1, null), await overFor('freetags', 1, null)];
    locked.onEveryCall('tagGroup', failWith('Blocked', 'The scope is locked.'));
    const sweep = await swept();
    expect(sweep.state).toBe('completed');
    expect(sweep.lists.mark.find(({ name }) => name === 'lockedtags')).toMatchObject({
      outcome: 'Blocked: The scope is locked.',
    });
    expect(free.group.tags.markedAt).toMatch(/Z$/);
    for (const { group } of [locked, free]) group.exists = false;
  });

  it('stays, untouched, when its owner renews it before the first deletion', async () => {
    const arm = await overFor('raced', 9, 8);
    const { behaviour, reached, release } = holdCall();
    arm.onNextCalls('readLease', behaviour);
    const sweeping = swept();
    await reached;
    await moat.environments.change('raced', { ttl: '4h' }, undefined);
    release();
    const [entry] = (await sweeping).lists.tearDown;
    expect(entry).toMatchObject({ name: 'raced', outcome: 'its lease is no longer expired' });
    expect((await moat.environments.get('raced')).state).toBe('ready');
    expect(deletions(arm)).toBe(0);
    arm.group.exists = false;
  });

  it('keeps what is left of it when its owner protects it between two phases, and says how it is made whole', async () => {
    const arm = await overFor('halfway', 9, 8);
    const { behaviour, reached, release } = holdCall();
    arm.onNextCalls('deleteResource virtualMachine', behaviour);
    await swept();
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

  it('gives its lease no more once a person has deleted it', async () => {
    const arm = await overFor('deleted', 9, 8);
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

it('Sweeps side by side tear down no more than one of them may', async () => {
  const arms = [];
  for (let i = 0; i < 8; i++) arms.push(await overFor(`many${i}`, 9 + i, 8));
  const both = await Promise.all([swept(), swept()]);
  const names = new Set(both.flatMap((sweep) => namesIn(sweep, 'tearDown')));
  expect(names.size).toBeLessThanOrEqual(5);
  for (const name of names) await moat.untilState(name, 'deleted');
  for (const arm of arms) arm.group.exists = false;
});

it('A sweep that is switched off at work ends at once, and says what it has not done', async () => {
  const arms = [];
  for (let i = 0; i < 7; i++) arms.push(await overFor(`unmarked${i}`, 1, null));
  for (const arm of arms) arm.onEveryCall('tagGroup', () => void (settings.mode = 'off'));
  const sweep = await swept();
  expect(sweep.state).toBe('off');
  expect(sweep.lists.mark.map(({ outcome }) => outcome)).toContain('sweeps were switched off');
  for (const arm of arms) Object.assign(arm.group, { exists: false });
});

it('Where the settings say `dry`, every sweep only tells', async () => {
  settings.mode = 'dry';
  const arm = await overFor('dry', 9, 8);
  const sweep = await swept();
  expect([sweep.dryRun, namesIn(sweep, 'tearDown'), sweep.lists.tearDown[0]!.outcome]).toEqual([true, ['dry'], null]);
  expect(deletions(arm)).toBe(0);
  arm.group.exists = false;
});

it('A dry sweep over a thousand environments stays far below the limits of a history', async () => {
  const count = Number(process.env['SWEEP_CROWD'] ?? 1000);
  const ref = { subscriptionId, location: 'westus2', sealed: true, owner: 'ana@example.com', spec: 'f'.repeat(32) };
  const over = new Date(Date.now() - 9 * hour).toISOString();
  crowd = Array.from({ length: count }, (_, i) => ({
    ...ref,
    group: `rg-moat-crowd${i}`,
    name: `crowd${i}`,
    state: 'ready',
    expiresAt: over,
    markedAt: null,
    protected: null,
  }));
  const sweep = await swept(true);
  expect(sweep.counts).toMatchObject({ recover: count, mark: count });
  const { historyLength, raw } = await moat.client.workflow.getHandle(sweep.id).describe();
  const bytes = Number(raw.workflowExecutionInfo?.historySizeBytes);
  if (process.env['SWEEP_CROWD']) console.log({ count, historyLength, bytes });
  expect(historyLength).toBeLessThan(200);
  expect(bytes).toBeLessThan(count * 2_000);
});

it('a sweep that fails records the reason', async () => {
  listing = failWith('Forbidden', 'may not list groups');
  expect(await swept(true)).toMatchObject({
    state: 'failed',
    failure: { type: 'Forbidden', message: 'may not list groups' },
  });
});
