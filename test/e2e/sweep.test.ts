import { createHmac } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createArmClient } from './support/arm.ts';
import { createClient } from './support/client.ts';
import type { MoatClient } from './support/client.ts';
import { startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';
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

  const sealKey = 'the key of this installation, for a test';
  const subscription = '11111111-2222-4333-8444-555555555555';
  const api = '2021-04-01';
  const hour = 3_600_000;

  let moat: Moat;
  let client: MoatClient;
  let arm: ReturnType<typeof createArmClient>;
  let connection: Connection;
  let temporal: Client;
  beforeAll(async () => {
    const { address } = inject('temporal');
    moat = await startMoat(address, 'sweep', {
      MOAT_SEAL_KEY: sealKey,
      AZURE_SUBSCRIPTION_ID: subscription,
      MOAT_SWEEP_GRACE: '0m',
      MOAT_SWEEP_INTERVAL: '7d',
    });
    client = createClient(moat.url);
    arm = createArmClient(moat);
    connection = await Connection.connect({ address });
    temporal = new Client({ connection, namespace: moat.namespace });
  }, 120_000);
  afterAll(async () => {
    await connection.close();
    await moat.close();
  });

  const groupPath = (name: string): string => `/subscriptions/${subscription}/resourcegroups/rg-moat-${name}`;
  const sealOf = (name: string, key = sealKey): string =>
    createHmac('sha256', key)
      .update([subscription, `rg-moat-${name}`, name].join('\n'))
      .digest('base64url');

  /** A group as Moat leaves it when its workflow is lost, over for so many hours and marked for one less. */
  const orphanTags = (name: string, overFor: number): Record<string, string> => ({
    'moat-environment': name,
    'moat-owner': 'ana',
    'moat-expires-at': new Date(Date.now() - overFor * hour).toISOString(),
    ...(overFor > 0 ? { 'moat-marked-at': new Date(Date.now() - (overFor - 1) * hour).toISOString() } : {}),
    'moat-spec': 'unknown',
    'moat-state': 'ready',
    'moat-seal': sealOf(name),
  });
  const putGroup = (name: string, tags: Record<string, string>) =>
    arm('PUT', groupPath(name), api, { location: 'westus2', tags });
  const tagsOf = async (name: string): Promise<Record<string, string> | undefined> =>
    ((await arm('GET', groupPath(name), api)).body as { tags?: Record<string, string> }).tags;
  const isGone = (name: string) =>
    until(`the group of ${name} is gone`, async () => (await arm('GET', groupPath(name), api)).status === 404);

  /** A sweep that has ended; `path` starts it. */
  async function sweep(body: object = {}, path = '/sweeps'): Promise<Sweep> {
    const begun = await client.call('POST', path, path === '/sweeps' ? body : undefined);
    expect([begun.status, begun.body]).toEqual([202, expect.objectContaining({ state: 'running' })]);
    const { id } = begun.body as Sweep;
    return until(`sweep ${id} has ended`, async () => {
      const seen = (await client.call('GET', `/sweeps/${id}`)).body as Sweep;
      return seen.state !== 'running' && seen;
    });
  }
  const namesIn = ({ lists }: Sweep, list: string): string[] => lists[list]!.map(({ name }) => name).toSorted();

  describe('an environment whose lease is over', () => {
    it('is marked, and told as such', async () => {
      await client.create({ name: 'short', location: 'westus2', ttl: '1m' });
      await client.create({ name: 'kept', location: 'westus2', ttl: '1m' });
      await client.until('short', 'ready', 'expired', 'failed');
      await client.until('kept', 'ready', 'expired', 'failed');
      await client.until('short', 'expired');
      await client.until('kept', 'expired');

      // by ARM's clock too, which is told in whole seconds: a moment later it may seem to be a second less
      const isOver = async (name: string): Promise<boolean> =>
        Date.parse((await client.get(name)).lease.expiresAt) < Date.now() - 2_000;
      await until('both are over by any clock', async () => (await isOver('short')) && (await isOver('kept')));
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
      const marked = await until('the list shows it', async () => {
        const { items } = (await client.call('GET', '/environments?expired=true&marked=true')).body as {
          items: object[];
        };
        return items.length === 2 && items;
      });
      expect(marked).toHaveLength(2);
    }, 150_000);

    it('is left alone when its owner renews it in time, or protects it', async () => {
      const renewed = await client.call('PATCH', '/environments/kept', { ttl: '4h' });
      expect([renewed.status, renewed.body]).toEqual([200, expect.objectContaining({ state: 'ready' })]);
      expect(await tagsOf('kept')).not.toHaveProperty('moat-marked-at');
      const kept = await client.call('PATCH', '/environments/kept', { protected: true, reason: 'demo' });
      expect(kept.body).toMatchObject({ lease: { protected: true, reason: 'demo', markedAt: null } });
      expect(await tagsOf('kept')).toMatchObject({ 'moat-protected': 'demo' });
      expect((await client.call('DELETE', '/environments/kept')).status).toBe(423);
      await client.call('PATCH', '/environments/kept', { protected: false });
      expect(await tagsOf('kept')).not.toHaveProperty('moat-protected');
    });

    it('is torn down by the next sweep once its grace is over, with a receipt', async () => {
      // ARM's clock, which counts too, tells whole seconds: the grace may seem to last a moment longer
      const told = await until('a sweep finds the grace over', async () => {
        const seen = await sweep();
        return seen.counts['tearDown'] !== 0 && seen;
      });
      expect(namesIn(told, 'tearDown')).toEqual(['short']);
      expect(told.lists['tearDown']![0]).toMatchObject({ outcome: 'told to tear itself down' });
      const deleted = await client.until('short', 'deleted', 'blocked');
      expect([deleted.state, deleted.receipt?.remaining]).toEqual(['deleted', []]);
      await isGone('short');
      expect((await client.get('kept')).state).toBe('ready');
      expect((await client.call('PATCH', '/environments/short', { ttl: '1h' })).status).toBe(409);
    });
  });

  it('An environment whose workflow was terminated is adopted from its tags, and goes when its time has come', async () => {
    await temporal.workflow.getHandle('environment-kept').terminate('lost');
    const expiresAt = new Date(Date.now() - 2 * hour).toISOString();
    await putGroup('kept', { ...(await tagsOf('kept')), 'moat-expires-at': expiresAt });
    const adopting = await until('a sweep sees that the workflow is gone', async () => {
      const seen = await sweep();
      return seen.counts['adopt'] === 1 && seen;
    });
    expect([namesIn(adopting, 'adopt'), namesIn(adopting, 'mark')]).toEqual([['kept'], ['kept']]);
    expect(await client.get('kept')).toMatchObject({ state: 'expired', spec: null });
    expect((await client.call('POST', '/environments/kept/score', { data: [] })).status).toBe(409);
    await until('a sweep tears it down', async () => (await sweep()).counts['tearDown'] === 1);
    const deleted = await client.until('kept', 'deleted', 'blocked');
    expect([deleted.state, deleted.receipt?.remaining]).toEqual(['deleted', []]);
    await isGone('kept');
  }, 150_000);

  it('Groups that are not this installation’s are told and never touched: copied tags, another key, another name', async () => {
    await putGroup('copied', { ...orphanTags('victim', 5), 'moat-environment': 'copied' });
    await putGroup('other', { ...orphanTags('other', 5), 'moat-seal': sealOf('other', 'another installation’s key') });
    await putGroup('renamed', orphanTags('before', 5));
    const seen = await sweep();
    expect(namesIn(seen, 'foreign')).toEqual(['copied', 'other', 'renamed']);
    expect(seen.counts).toMatchObject({ adopt: 0, mark: 0, tearDown: 0 });
    expect((await tagsOf('copied'))!['moat-seal']).toBe(sealOf('victim'));
  });

  it('Pausing the schedule stops every sweep, and a worker that starts leaves it paused', async () => {
    const schedule = temporal.schedule.getHandle('sweep-stale-environments');
    await schedule.pause('not today');
    await putGroup('patient', orphanTags('patient', 5));
    expect(await sweep()).toMatchObject({ state: 'off', counts: { adopt: 0, tearDown: 0 } });
    await moat.kill('worker');
    moat.start('worker');
    await moat.ready();
    expect((await schedule.describe()).state.paused).toBe(true);
    await schedule.unpause();
    expect(namesIn(await sweep(), 'tearDown')).toEqual(['patient']);
    await isGone('patient');
  });

  it('A sweep that meets too many at once does nothing, and goes on with its list when it is approved', async () => {
    const many = Array.from({ length: 12 }, (_, i) => `many${i}`);
    await Promise.all(many.map((name, i) => putGroup(name, orphanTags(name, 5 + i))));
    const stopped = await sweep();
    expect([stopped.state, stopped.stopReasons.map(({ code }) => code)]).toEqual(['stopped', ['TooManyDue']]);
    expect(stopped.counts).toMatchObject({ adopt: 0, mark: 0, tearDown: 0, due: 12 });
    const path = `/sweeps/${stopped.id}/approve`;
    const approved = await sweep({}, path);
    expect(namesIn(approved, 'tearDown')).toEqual(['many10', 'many11', 'many7', 'many8', 'many9']);
    expect((await client.call('POST', path)).status).toBe(409);
    await isGone('many11');
    expect((await arm('GET', groupPath('many0'), api)).status).toBe(200);
  });
});
