import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MoatClient } from './support/client.ts';
import { describeLocal, moatUnderTest } from './support/target.ts';
import { until } from './support/until.ts';

interface Move {
  state: string;
  confirmedBy: string | null;
  scoringUris: { from: string; to: string };
  comparison: { from: { body: unknown }; to: { body: unknown }; difference: unknown } | null;
  failure: { message: string } | null;
}

describeLocal('a move', 'provisions two environments', () => {
  let moat: Awaited<ReturnType<typeof moatUnderTest>>;
  let client: MoatClient;
  beforeAll(async () => {
    moat = await moatUnderTest('move');
    ({ client } = moat);
    await client.create({ name: 'before1', location: 'westus2' });
    expect(await client.until('before1', 'ready', 'failed')).toMatchObject({ state: 'ready' });
  }, 240_000);
  afterAll(() => moat?.close());

  const move = async (): Promise<Move> => (await client.call('GET', '/environments/before1/move')).body as Move;
  const untilMove = (...states: string[]): Promise<Move> =>
    until(`the move is ${states.join(' or ')}`, async () => {
      const found = await move();
      return states.includes(found.state) && found;
    });

  it('provisions an environment of the other method, compares the answers of both, and keeps both until it is confirmed', async () => {
    const body = { to: 'after1', changes: { isolation: 'managedNetwork' } };
    expect((await client.call('POST', '/environments/before1/move', body)).status).toBe(202);
    const waiting = await untilMove('waiting', 'failed');
    expect(waiting).toMatchObject({ state: 'waiting', failure: null, comparison: { difference: null } });
    expect(waiting.comparison!.to.body).toEqual(waiting.comparison!.from.body);
    const uris = await Promise.all(
      ['before1', 'after1'].map(async (name) => (await client.get(name)).outputs.scoringUri),
    );
    expect(waiting.scoringUris).toEqual({ from: uris[0], to: uris[1] });
    expect((await client.get('after1')).receipt!.proof!.complete).toBe(true);
  }, 120_000);

  it('tears the old environment down once it is confirmed, and keeps both addresses', async () => {
    const { scoringUris } = await move();
    expect((await client.call('POST', '/environments/before1/move/confirm')).status).toBe(202);
    expect(await untilMove('done', 'failed')).toMatchObject({ state: 'done', confirmedBy: 'local', scoringUris });
    expect(await client.get('before1')).toMatchObject({ state: 'deleted', receipt: { remaining: [], blockers: [] } });
    const scored = await client.call('POST', '/environments/after1/score', { data: [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0]] });
    expect(scored.status).toBe(200);
  }, 120_000);
});
