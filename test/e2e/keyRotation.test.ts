import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createClient } from './support/client.ts';
import type { MoatClient } from './support/client.ts';
import { startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';
import { storedMemo } from './support/storedMemo.ts';
import { describeLocal } from './support/target.ts';

const keyNamed = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;

describeLocal('a rotation of encryption keys', 'restarts processes with other settings', () => {
  const [old, current] = [keyNamed('k1'), keyNamed('k2')];
  let moat: Moat;
  let client: MoatClient;
  beforeAll(async () => {
    moat = await startMoat(inject('temporal').address, 'keys', { MOAT_ENCRYPTION_KEYS: old });
    client = createClient(moat.url, undefined, 120_000);
  }, 120_000);
  afterAll(() => moat.close());

  async function restartWith(...keys: string[]): Promise<void> {
    for (const name of ['worker', 'api'] as const) {
      await moat.kill(name);
      moat.start(name, { MOAT_ENCRYPTION_KEYS: keys.join(',') });
    }
    await moat.ready();
  }
  /** The ids of the keys that encrypt a workflow's memo: each part of it has that of its last change. */
  async function keysOf(workflowId: string): Promise<string[]> {
    const memo = await storedMemo(inject('temporal').address, moat.namespace, workflowId);
    const ids = memo.map(({ metadata }) => Buffer.from(metadata['encryption-key-id']!).toString());
    return [...new Set(ids)].toSorted();
  }

  it('loses nothing: an environment from before it, and a run in progress, continue with both keys', async () => {
    await client.create({ name: 'before1', location: 'westus2' });
    await client.until('before1', 'ready', 'failed');
    expect(await keysOf('environment-before1')).toEqual(['k1']);

    await restartWith(old, current);
    await client.create({ name: 'during1', location: 'westus2' });
    await restartWith(current, old);

    expect((await client.until('during1', 'ready', 'failed')).failure).toBeNull();
    expect((await client.create({ name: 'after1', location: 'westus2' })).status).toBe(202);
    expect((await client.until('after1', 'ready', 'failed')).failure).toBeNull();
    expect(await keysOf('environment-after1')).toEqual(['k2']);
    expect((await client.call('PATCH', '/environments/before1', { ttl: '9h' })).status).toBe(200);
    expect(await keysOf('environment-before1'), 'what is written again has the new key').toContain('k2');
    for (const name of ['before1', 'during1']) {
      await client.remove(name);
      expect((await client.get(name)).state).toBe('deleted');
    }
    // It provisions three environments, one after the other.
  }, 240_000);
});
