import { Client, Connection } from '@temporalio/client';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { createArmClient } from './support/arm.ts';
import { createClient } from './support/client.ts';
import type { MoatClient } from './support/client.ts';
import { startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';
import { groupsOf, installation, orphanTags, sealOf } from './support/orphans.ts';
import { describeLocal } from './support/target.ts';
import { until } from './support/until.ts';

describeLocal('sweeps', 'changes groups and workflows directly', () => {
  interface Sweep {
    id: string;
    state: string;
    dryRun: boolean;
    counts: Record<string, number>;
    stopReasons: { code: string }[];
    lists: Record<string, { name: string; reason: string; outcome: string | null }[]>;
  }

  const hour = 3_600_000;

  let moat: Moat;
  let client: MoatClient;
  let groups: ReturnType<typeof groupsOf>;
  let connection: Connection;
  let temporal: Client;
  // Each test has its own Moat: a sweep acts on every environment of an installation.
  beforeEach(async () => {
    const { address } = inject('temporal');
    moat = await startMoat(address, 'sweep', {
      ...installation,
      MOAT_SWEEP_GRACE: '0m',
      MOAT_SWEEP_INTERVAL: '7d',
    });
    client = createClient(moat.url);
    groups = groupsOf(createArmClient(moat));
    connection = await Connection.connect({ address });
    temporal = new Client({ connection, namespace: moat.namespace });
  }, 120_000);
  afterEach(async () => {
    await connection.close();
    await moat.close();
  });

  const putGroup = (name: string, tags: Record<string, string>) => groups.put(name, tags);
  const tagsOf = (name: string) => groups.tagsOf(name);
  const untilGroupRemoved = (name: string) =>
    until(`the group of ${name} is removed`, async () => !(await groups.exists(name)));

  /** A schedule of Moat; its arguments are encrypted. */
  async function readSchedule(scheduleId: string) {
    const { schedule } = await temporal.workflowService.describeSchedule({ namespace: moat.namespace, scheduleId });
    return schedule!;
  }

  /** Starts a sweep by a POST to `path` and waits for its end. */
  async function sweep(body: object = {}, path = '/sweeps'): Promise<Sweep> {
    const started = await client.call('POST', path, path === '/sweeps' ? body : undefined);
    expect([started.status, started.body]).toEqual([202, expect.objectContaining({ state: 'running' })]);
    const { id } = started.body as Sweep;
    return until(`sweep ${id} has ended`, async () => {
      const current = (await client.call('GET', `/sweeps/${id}`)).body as Sweep;
      return current.state !== 'running' && current;
    });
  }
  const namesIn = ({ lists }: Sweep, list: string): string[] => lists[list]!.map(({ name }) => name).toSorted();

  it('an environment with an expired lease is marked, and torn down after its grace period unless it was renewed or protected', async () => {
    await client.create({ name: 'short', location: 'westus2', ttl: '1m' });
    await client.create({ name: 'kept', location: 'westus2', ttl: '1m' });
    await client.until('short', 'ready', 'expired', 'failed');
    await client.until('kept', 'ready', 'expired', 'failed');
    await client.until('short', 'expired');
    await client.until('kept', 'expired');

    // ARM's clock, which also counts, has a resolution of one second.
    const hasExpired = async (name: string): Promise<boolean> =>
      Date.parse((await client.get(name)).lease.expiresAt) < Date.now() - 2_000;
    await until(
      'both leases have expired by both clocks',
      async () => (await hasExpired('short')) && (await hasExpired('kept')),
    );
    const dry = await until('a dry sweep would mark both', async () => {
      const seen = await sweep({ dryRun: true });
      return seen.counts['mark'] === 2 && seen;
    });
    expect([dry.dryRun, namesIn(dry, 'mark')]).toEqual([true, ['kept', 'short']]);
    expect((await client.get('short')).lease).toMatchObject({ markedAt: null });

    const real = await sweep();
    expect(real.lists['mark']!.map(({ reason }) => reason)).toEqual(dry.lists['mark']!.map(({ reason }) => reason));
    expect((await client.get('short')).lease).toMatchObject({ markedAt: expect.stringMatching(/Z$/) });
    expect(await tagsOf('short')).toMatchObject({ 'moat-marked-at': expect.stringMatching(/Z$/) });
    const marked = await until('the list has both', async () => {
      const { items } = (await client.call('GET', '/environments?expired=true&marked=true')).body as {
        items: object[];
      };
      return items.length === 2 && items;
    });
    expect(marked).toHaveLength(2);

    const renewed = await client.call('PATCH', '/environments/kept', { ttl: '4h' });
    expect([renewed.status, renewed.body]).toEqual([200, expect.objectContaining({ state: 'ready' })]);
    expect(await tagsOf('kept')).not.toHaveProperty('moat-marked-at');
    const kept = await client.call('PATCH', '/environments/kept', { protected: true, reason: 'demo' });
    expect(kept.body).toMatchObject({ lease: { protected: true, reason: 'demo', markedAt: null } });
    expect(await tagsOf('kept')).toMatchObject({ 'moat-protected': 'demo' });
    expect((await client.call('DELETE', '/environments/kept')).status).toBe(423);
    await client.call('PATCH', '/environments/kept', { protected: false });
    expect(await tagsOf('kept')).not.toHaveProperty('moat-protected');

    // By ARM's clock the grace period may end up to a second later.
    const effective = await until('a sweep finds that the grace period has ended', async () => {
      const seen = await sweep();
      return seen.counts['tearDown'] !== 0 && seen;
    });
    expect(namesIn(effective, 'tearDown')).toEqual(['short']);
    expect(effective.lists['tearDown']![0]).toMatchObject({ outcome: expect.stringContaining('tear') });
    const deleted = await client.until('short', 'deleted', 'blocked');
    expect([deleted.state, deleted.receipt?.remaining]).toEqual(['deleted', []]);
    await untilGroupRemoved('short');
    expect((await client.get('kept')).state).toBe('ready');
    expect((await client.call('PATCH', '/environments/short', { ttl: '1h' })).status).toBe(409);
  }, 180_000);

  it('an environment whose workflow was terminated is recovered from its tags, and torn down when its lease has expired', async () => {
    await client.create({ name: 'kept', location: 'westus2' });
    expect((await client.until('kept', 'ready', 'failed')).state).toBe('ready');
    await temporal.workflow.getHandle('environment-kept').terminate('lost');
    const expiresAt = new Date(Date.now() - 2 * hour).toISOString();
    await putGroup('kept', { ...(await tagsOf('kept')), 'moat-expires-at': expiresAt });
    const recovering = await until('a sweep finds the terminated workflow', async () => {
      const seen = await sweep();
      return seen.counts['recover'] === 1 && seen;
    });
    expect([namesIn(recovering, 'recover'), namesIn(recovering, 'mark')]).toEqual([['kept'], ['kept']]);
    expect(await client.get('kept')).toMatchObject({ state: 'expired', spec: null });
    expect((await client.call('POST', '/environments/kept/score', { data: [] })).status).toBe(409);
    await until('a sweep tears it down', async () => (await sweep()).counts['tearDown'] === 1);
    const deleted = await client.until('kept', 'deleted', 'blocked');
    expect([deleted.state, deleted.receipt?.remaining]).toEqual(['deleted', []]);
    await untilGroupRemoved('kept');
  }, 150_000);

  it('groups of another owner are listed as foreign and never changed: copied tags, another key, another name', async () => {
    await putGroup('copied', { ...orphanTags('victim', 5), 'moat-environment': 'copied' });
    await putGroup('other', { ...orphanTags('other', 5), 'moat-seal': sealOf('other', 'key of another installation') });
    await putGroup('renamed', orphanTags('before', 5));
    const result = await sweep();
    expect(namesIn(result, 'foreign')).toEqual(['copied', 'other', 'renamed']);
    expect(result.counts).toMatchObject({ recover: 0, mark: 0, tearDown: 0 });
    expect((await tagsOf('copied'))!['moat-seal']).toBe(sealOf('victim'));
  });

  it('paused schedules stay paused after a restart of the worker, and without theirs no sweep does anything', async () => {
    const proofs = temporal.schedule.getHandle('verify-environments');
    await proofs.pause('by a test');
    const schedule = temporal.schedule.getHandle('sweep-stale-environments');
    await schedule.pause('by a test');
    await putGroup('later', orphanTags('later', 5));
    expect(await sweep()).toMatchObject({ state: 'off', counts: { recover: 0, tearDown: 0 } });
    await moat.kill('worker');
    moat.start('worker');
    await moat.ready();
    expect((await readSchedule(schedule.scheduleId)).state?.paused).toBe(true);
    const { spec, state } = await readSchedule(proofs.scheduleId);
    expect([Number(spec?.interval?.[0]?.interval?.seconds), state?.paused]).toEqual([24 * 3_600, true]);
    await schedule.unpause();
    expect(namesIn(await sweep(), 'tearDown')).toEqual(['later']);
    await untilGroupRemoved('later');
  });

  it('a sweep with too many due environments stops, and continues with its list when approved', async () => {
    const many = Array.from({ length: 12 }, (_, i) => `many${i}`);
    await Promise.all(many.map((name, i) => putGroup(name, orphanTags(name, 5 + i))));
    const stopped = await sweep();
    expect([stopped.state, stopped.stopReasons.map(({ code }) => code)]).toEqual(['stopped', ['TooManyDue']]);
    expect(stopped.counts).toMatchObject({ recover: 0, mark: 0, tearDown: 0, due: 12 });
    const path = `/sweeps/${stopped.id}/approve`;
    const approved = await sweep({}, path);
    expect(namesIn(approved, 'tearDown')).toEqual(['many10', 'many11', 'many7', 'many8', 'many9']);
    expect((await client.call('POST', path)).status).toBe(409);
    await untilGroupRemoved('many11');
    expect(await groups.exists('many0')).toBe(true);
  });
});
