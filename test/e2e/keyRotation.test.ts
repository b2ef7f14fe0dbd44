import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createClient } from './support/client.ts';
import type { MoatClient } from './support/client.ts';
import { startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';
import { describeLocal } from './support/target.ts';

const keyNamed = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;

describeLocal('a rotation of encryption keys', 'restarts processes with other settings', () => {
  const [old, current] = [keyNamed('k1'), keyNamed('k2')];
  let moat: Moat;
  let client: MoatClient;
  beforeAll(async () => {
    moat = await startMoat(inject('temporal').address, 'keys', { MOAT_ENCRYPTION_KEYS: old });
    client = createClient(moat.url);
  }, 120_000);
  afterAll(() => moat.close());

  async function restartWith(...keys: string[]): Promise<void> {
    for (const name of ['worker', 'api'] as const) {
      await moat.kill(name);
      moat.start(name, { MOAT_ENCRYPTION_KEYS: keys.join(',') });
    }
    await moat.ready();
  }
  /** The id of the key that encrypts a workflow's memo. */
  async function keyOf(workflowId: string): Promise<string> {
    const connection = await Connection.connect({ address: inject('temporal').address });
    const temporal = new Client({ connection, namespace: moat.namespace });
    const { raw } = await temporal.workflow.getHandle(workflowId).describe();
    await connection.close();
    const [payload] = Object.values(raw.workflowExecutionInfo!.memo!.fields!);
    return Buffer.from(payload!.metadata!['encryption-key-id']!).toString();
  }

  it('loses nothing: an environment from before it, and a run in progress, continue with both keys', async () => {
    await client.create({ name: 'before1', location: 'westus2' });
    await client.until('before1', 'ready', 'failed');
    expect(await keyOf('environment-before1')).toBe('k1');

    await restartWith(old, current);
    await client.create({ name: 'during1', location: 'westus2' });
    await restartWith(current, old);

    expect((await client.until('during1', 'ready', 'failed')).failure).toBeNull();
    expect((await client.create({ name: 'after1', location: 'westus2' })).status).toBe(202);
    expect((await client.until('after1', 'ready', 'failed')).failure).toBeNull();
    expect(await keyOf('environment-after1')).toBe('k2');
    expect((await client.call('PATCH', '/environments/before1', { ttl: '9h' })).status).toBe(200);
    expect(await keyOf('environment-before1'), 'what is written again has the new key').toBe('k2');
    for (const name of ['before1', 'during1']) {
      await client.remove(name);
      expect((await client.get(name)).state).toBe('deleted');
    }
  });
});
