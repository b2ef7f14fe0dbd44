import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { createClient } from './support/client.ts';
import type { MoatClient } from './support/client.ts';
import { startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';
import { describeLocal } from './support/target.ts';
import { until } from './support/until.ts';

// Each part provisions, proves or deletes.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 240_000 });

/** What the tags hold of it: all but who changed it last. */
const leaseOf = async (of: MoatClient, name: string): Promise<string> => {
  const { lease } = await of.get(name);
  return `${lease.expiresAt} ${lease.protected}`;
};

describeLocal("after the loss of Temporal's data", 'starts a second Temporal namespace', () => {
  const location = 'westus2';
  let lost: Moat;
  let moat: Moat;
  let client: MoatClient;
  /** The lease of each environment before the loss. */
  const leases = new Map<string, string>();

  // A new namespace has nothing of the lost one; the emulator resumes from its journal, and the seal key is in the same folder.
  beforeAll(async () => {
    const { address } = inject('temporal');
    lost = await startMoat(address, 'lost');
    const before = createClient(lost.url, undefined, 120_000);
    for (const name of ['data1', 'data2']) await before.create({ name, location });
    for (const name of ['data1', 'data2']) await before.until(name, 'ready', 'failed');
    await before.call('PATCH', '/environments/data2', { protected: true, reason: 'demo' });
    for (const name of ['data1', 'data2']) leases.set(name, await leaseOf(before, name));
    await before.create({ name: 'data3', location });
    await until('data3 has a group', async () => (await before.get('data3')).steps[1]?.state === 'succeeded');
    for (const name of ['api', 'worker', 'emulator'] as const) await lost.kill(name);

    moat = await startMoat(address, 'recovered', { MOAT_DATA_DIR: lost.dataDir });
    client = createClient(moat.url, undefined, 120_000);
  });
  afterAll(async () => {
    await moat?.close();
    await lost?.close();
  });

  it('a sweep recovers every environment with its lease, and changes none', async () => {
    expect((await client.call('GET', '/environments/data1')).status).toBe(404);
    expect((await client.call('POST', '/sweeps', {})).status).toBe(202);
    for (const name of ['data1', 'data2']) {
      await client.until(name, 'ready');
      expect(await leaseOf(client, name), name).toBe(leases.get(name));
    }
    // Its run was in progress.
    expect((await client.until('data3', 'failed')).failure).toMatchObject({ code: 'Recovered' });
  });

  it('a POST with the same spec completes one that was interrupted, and gives a ready one its spec again', async () => {
    expect((await client.create({ name: 'data3', location })).status).toBe(202);
    expect((await client.until('data3', 'ready', 'failed')).failure).toBeNull();
    expect([200, 202]).toContain((await client.create({ name: 'data1', location })).status);
    const { spec, failure } = await client.until('data1', 'ready', 'failed');
    expect([spec, failure]).toEqual([expect.objectContaining({ name: 'data1' }), null]);
    expect((await client.call('POST', '/environments/data1/verify')).status).toBe(202);
    await until('the proof is complete', async () => (await client.get('data1')).receipt?.proof?.complete);
  });

  it('protections hold, and each environment can be deleted', async () => {
    expect((await client.call('DELETE', '/environments/data2')).status).toBe(423);
    await client.call('PATCH', '/environments/data2', { protected: false });
    for (const name of leases.keys()) {
      await client.remove(name);
      expect((await client.get(name)).state, name).toBe('deleted');
    }
  });
});
