import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createClient } from './support/client.ts';
import type { MoatClient } from './support/client.ts';
import { startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';
import { describeLocal } from './support/target.ts';

const marker = (): string => `marker${randomBytes(12).toString('hex')}`;

/** The SQLite file and its write-ahead log as Latin-1 text. */
async function rawDatabase(): Promise<string> {
  const { databaseFile } = inject('temporal');
  const files = [databaseFile, `${databaseFile}-wal`].filter((file) => existsSync(file));
  return (await Promise.all(files.map((file) => readFile(file, 'latin1')))).join('\n');
}

describeLocal('without settings', 'reads the file of Temporal’s database', () => {
  const texts = {
    'reason of a protection': marker(),
    'request of a model': marker(),
    'body of a score': marker(),
    'idempotency key': marker(),
  };
  const owner = `owner-${randomBytes(6).toString('hex')}@example.com`;
  const suffix = `q${randomBytes(4).toString('hex')}`;
  let moat: Moat;
  let client: MoatClient;
  beforeAll(async () => {
    moat = await startMoat(inject('temporal').address, 'raw-database');
    client = createClient(moat.url);
  }, 120_000);
  afterAll(() => moat.close());

  it('Temporal’s database holds none of the user’s texts', async () => {
    await client.create({ name: 'cipher1', location: 'westus2', owner, suffix });
    const model = {
      format: 'custom',
      repository: 'https://github.com/moat-examples/linear-regression',
      ref: '7d1f0c2ab94e5836c1d2e3f405162738495a6b7c',
      path: 'houses',
      request: { data: [[2, 1, 4]], comment: texts['request of a model'] },
      expected: [12],
    };
    await client.create({ name: 'cipher2', location: 'westus2', model });
    await client.until('cipher1', 'ready', 'failed');
    await client.until('cipher2', 'ready', 'failed');
    const reason = texts['reason of a protection'];
    expect((await client.call('PATCH', '/environments/cipher1', { protected: true, reason })).status).toBe(200);
    const data = [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]];
    const key = { 'idempotency-key': texts['idempotency key'] };
    const score = { data, comment: texts['body of a score'] };
    expect((await client.call('POST', '/environments/cipher1/score', score, key)).status).toBe(200);
    await client.call('PATCH', '/environments/cipher1', { protected: false });
    await client.call('DELETE', '/environments/cipher1');
    await client.until('cipher1', 'deleted', 'blocked');

    const raw = await rawDatabase();
    expect(raw, 'ids and search attributes are readable').toContain('environment-cipher1');
    expect(raw).toContain(owner);
    expect(raw, 'summaries and resource names are encrypted').not.toContain(`cr${suffix}`);
    expect(Object.entries(texts).flatMap(([what, text]) => (raw.includes(text) ? [what] : []))).toEqual([]);
  }, 120_000);
});
