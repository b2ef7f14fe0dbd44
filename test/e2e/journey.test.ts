import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { clientOf, events } from './support/client.ts';
import type { Environment } from './support/client.ts';
import { startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';

let moat: Moat;
let client: ReturnType<typeof clientOf>;
beforeAll(async () => {
  moat = await startMoat(inject('temporal').address, 'journey');
  client = clientOf(moat.url);
}, 120_000);
afterAll(() => moat.close());

const churn1 = { name: 'churn1', location: 'westus2' };

describe('an environment with the sample model', () => {
  it('is stood up by one POST, and its progress is streamed until it is ready', async () => {
    const created = await client.create(churn1);
    expect(created.status).toBe(202);
    expect(created.headers.get('location')).toBe('/environments/churn1');

    const stream = await events(`${moat.url}/environments/churn1/events`);
    expect(stream.status).toBe(200);
    expect(new Set(stream.seen.map(({ event }) => event))).toEqual(new Set(['progress']));
    const last = stream.seen.at(-1)!.data;
    expect(last.failure).toBeNull();
    expect(last.state).toBe('ready');
    expect(last.steps.map(({ id, state }) => `${id} ${state}`)).toEqual(
      ['preflight', 'resourceGroup', 'network', 'workspace', 'jumpbox', 'image', 'endpoint', 'verify', 'score'].map(
        (id) => `${id} succeeded`,
      ),
    );
    const again = await events(`${moat.url}/environments/churn1/events`, { 'last-event-id': stream.seen.at(-1)!.id });
    expect(again.status).toBe(204);
  });

  it('proves that it is isolated and answers as the article says', async () => {
    const { receipt, outputs } = await client.get('churn1');
    expect(receipt?.score).toMatchObject({ status: 200 });
    const [first, second] = receipt!.score!.body as [number, number];
    expect(first).toBeCloseTo(11055.977245525679, 6);
    expect(second).toBeCloseTo(4503.079536107787, 6);
    const rows = receipt!.proof!;
    expect(rows.filter(({ verdict }) => verdict === 'failed')).toEqual([]);
    expect(rows.some(({ check, verdict }) => /scoring.*inside/i.test(check) && verdict === 'passed')).toBe(true);
    expect(rows.some(({ check, verdict }) => /scoring.*outside/i.test(check) && verdict === 'passed')).toBe(true);
    expect(outputs.scoringUri).toMatch(/^https:\/\/churn1-[a-z0-9]{8}\.westus2\.inference\.ml\.azure\.com\/score$/);
  });

  it('scores rows of the user’s own, and other rows give other answers', async () => {
    const scored = await client.call('POST', '/environments/churn1/score', { data: [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0]] });
    expect(scored.status).toBe(200);
    expect((scored.body as { body: number[] }).body[0]).toBeCloseTo(152.76430691633442, 9);
    expect((scored.body as { latencyMs: number }).latencyMs).toBeGreaterThan(0);
    const runs = (await client.call('GET', '/environments/churn1/runs')).body as { items?: { id: string }[] };
    expect(JSON.stringify(runs)).toContain('score-1');
  });

  it('is the same environment when it is asked for again, and refuses another spec under its name', async () => {
    expect((await client.create(churn1)).status).toBe(200);
    expect((await client.create({ ...churn1, ttl: '4h', onFailure: 'teardown' })).status).toBe(200);
    const conflict = await client.create({ ...churn1, model: 'mlflow' });
    expect(conflict.status).toBe(409);
    expect(conflict.body).toMatchObject({ code: 'SpecConflict' });
    expect((await client.call('POST', '/environments/churn1/cancel')).status).toBe(409);
  });

  it('leaves nothing behind when it is deleted, and says what was removed', async () => {
    expect((await client.call('DELETE', '/environments/churn1')).status).toBe(202);
    const deleted = await client.until('churn1', 'deleted', 'blocked');
    expect(deleted.state).toBe('deleted');
    expect(deleted.receipt?.remaining).toEqual([]);
    expect(deleted.receipt?.removed?.some(({ id, proof }) => /vaults/i.test(id) && proof === 'purged')).toBe(true);
    expect(deleted.receipt?.removed?.length).toBeGreaterThan(30);
    expect((await client.create(churn1)).status, 'its name is free again').toBe(202);
    await client.call('DELETE', '/environments/churn1');
    await client.until('churn1', 'deleted');
  });
});

it('stands up the MLflow sample just so', async () => {
  await client.create({ name: 'churn2', location: 'westus2', model: 'mlflow' });
  const { receipt } = await client.until('churn2', 'ready', 'failed');
  expect((receipt!.score!.body as number[])[0]).toBeCloseTo(6141.267272547523, 6);
});

it('stands up a model of the user’s own, and fails the run when it answers something else', async () => {
  const model = {
    format: 'custom',
    repository: 'https://github.com/moat-examples/linear-regression',
    ref: '7d1f0c2ab94e5836c1d2e3f405162738495a6b7c',
    path: 'houses',
    request: { data: [[2, 1, 4]] },
    expected: [12],
  };
  await client.create({ name: 'houses', location: 'westus2', model });
  expect((await client.until('houses', 'ready', 'failed')).receipt?.score?.body).toEqual([12]);

  await client.create({ name: 'houses2', location: 'westus2', model: { ...model, expected: [13] } });
  const { failure } = await client.until('houses2', 'ready', 'failed');
  expect(failure).toMatchObject({ step: 'score', type: 'WrongAnswer' });
});

const listed = async (query: string): Promise<string[]> =>
  ((await client.call('GET', `/environments${query}`)).body as { items: Environment[] }).items.map(({ name }) => name);

it('lists environments by state', async () => {
  await expect.poll(() => listed('?state=ready')).toContain('churn2');
  expect(await listed('?state=failed')).toEqual(['houses2']);
});

it('answers 404 for what it does not know', async () => {
  expect((await client.call('GET', '/environments/nobody')).status).toBe(404);
  expect((await client.call('DELETE', '/environments/nobody')).status).toBe(404);
});
