import { expect, test } from 'vitest';
import { Problem } from '../../src/domain/problem.ts';
import { churn1, startApi } from './harness.ts';

const score = { method: 'POST', url: '/environments/churn1/score', payload: { data: [[1, 2]] } } as const;

async function startReady() {
  const api = await startApi();
  await api.app.inject({ method: 'POST', url: '/environments', payload: churn1 });
  api.environments.finish('churn1');
  return api;
}

test("a request is scored and answered with the endpoint's answer", async () => {
  const { app, environments } = await startReady();
  const answer = await app.inject({ ...score, headers: { 'idempotency-key': 'a1' } });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({ status: 200, body: [11055.977245525679], latencyMs: 41 });
  expect(environments.scored).toEqual([{ name: 'churn1', request: { data: [[1, 2]] }, idempotencyKey: 'a1' }]);
});

test.each([['[1,2]'], ['"text"'], ['null'], ['0']])('any JSON value can be scored: %s', async (payload) => {
  const { app, environments } = await startReady();
  const answer = await app.inject({ ...score, payload, headers: { 'content-type': 'application/json' } });
  expect(answer.statusCode).toBe(200);
  expect(environments.scored[0]?.request).toEqual(JSON.parse(payload));
});

test('refuses a missing body and an invalid idempotency key', async () => {
  const { app } = await startReady();
  const empty = await app.inject({ method: 'POST', url: score.url });
  expect([empty.statusCode, empty.json().errors]).toEqual([400, [{ path: '', message: 'is required' }]]);
  const key = await app.inject({ ...score, headers: { 'idempotency-key': 'a'.repeat(201) } });
  expect([key.statusCode, key.json().code]).toEqual([400, 'InvalidParameters']);
});

test('refuses more than 16 KiB, as received or as written by JSON.stringify', async () => {
  const { app } = await startReady();
  const long = await app.inject({ ...score, payload: { text: 'x'.repeat(16 * 1024) } });
  expect([long.statusCode, long.json().code]).toEqual([413, 'PayloadTooLarge']);
  const payload = `[${Array.from({ length: 2000 }, () => '1e20').join(',')}]`;
  const grown = await app.inject({ ...score, payload, headers: { 'content-type': 'application/json' } });
  expect([grown.statusCode, grown.json().code]).toEqual([413, 'PayloadTooLarge']);
});

test('an environment that is not ready cannot be scored', async () => {
  const { app, environments } = await startReady();
  environments.set('churn1', { state: 'provisioning' });
  expect((await app.inject(score)).json()).toMatchObject({ status: 409, code: 'NotReady' });
  expect((await app.inject({ ...score, url: '/environments/churn2/score' })).statusCode).toBe(404);
});

test('scoring without a worker is answered 503 with Retry-After', async () => {
  const { app, environments } = await startReady();
  environments.ready = { temporal: true, worker: false };
  const answer = await app.inject(score);
  expect([answer.statusCode, answer.json().code, answer.headers['retry-after']]).toEqual([503, 'Unavailable', '5']);
});

test.each(['AnswerTooLarge', 'ScoreFailed'] as const)('%s is answered 502', async (code) => {
  const { app, environments } = await startReady();
  environments.scoreProblem = new Problem(code, 'what happened');
  expect((await app.inject(score)).json()).toMatchObject({ status: 502, code, detail: 'what happened' });
});
