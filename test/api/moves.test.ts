import { expect, test } from 'vitest';
import { churn1, startApi } from './harness.ts';

const move = { method: 'POST', url: '/environments/churn1/move' } as const;

async function startReady() {
  const api = await startApi();
  await api.app.inject({ method: 'POST', url: '/environments', payload: { ...churn1, instanceCount: 2 } });
  api.environments.finish('churn1');
  return api;
}

test('a move creates an environment of the same spec with the changes, under a suffix of its own', async () => {
  const { app, environments, moves } = await startReady();
  const payload = { to: 'churn2', changes: { instanceType: 'Standard_DS3_v2' }, request: { data: [[1]] } };
  const answer = await app.inject({ ...move, payload });
  expect([answer.statusCode, answer.headers.location]).toEqual([202, '/environments/churn1/move']);
  expect(answer.json()).toMatchObject({ from: 'churn1', to: 'churn2', state: 'provisioning', confirmedBy: null });
  const [old, fresh] = ['churn1', 'churn2'].map((name) => environments.all.get(name)!.spec!);
  expect(fresh).toEqual({ ...old, name: 'churn2', suffix: fresh!.suffix, instanceType: 'Standard_DS3_v2' });
  expect(fresh!.suffix).not.toBe(old!.suffix);
  expect(moves.requested).toMatchObject([{ name: 'churn1', request: { to: 'churn2', request: { data: [[1]] } } }]);
  expect((await app.inject({ method: 'GET', url: move.url })).json()).toEqual(answer.json());
});

test.each([
  ['without a name', {}, '/to'],
  ['with its own name', { to: 'churn1' }, '/to'],
  ['with an unknown change', { to: 'churn2', changes: { color: 'red' } }, '/changes/color'],
  ['with a change of the owner', { to: 'churn2', changes: { owner: 'bob' } }, '/changes/owner'],
  ['with a change that a POST refuses, too', { to: 'churn2', changes: { instanceType: 'none' } }, '/instanceType'],
])('%s, it is refused, and nothing is created', async (_, payload, path) => {
  const { app, environments } = await startReady();
  const answer = await app.inject({ ...move, payload });
  expect([answer.statusCode, answer.json().code]).toEqual([400, 'InvalidBody']);
  expect(answer.json().errors.map((one: { path: string }) => one.path)).toContain(path);
  expect([...environments.all.keys()]).toEqual(['churn1']);
});

test('it is confirmed and cancelled by requests of its own', async () => {
  const { app } = await startReady();
  expect((await app.inject({ method: 'GET', url: move.url })).statusCode).toBe(404);
  await app.inject({ ...move, payload: { to: 'churn2' } });
  const confirmed = await app.inject({ method: 'POST', url: `${move.url}/confirm` });
  expect([confirmed.statusCode, confirmed.json().confirmedBy]).toEqual([202, 'local']);
  const cancelled = await app.inject({ method: 'DELETE', url: move.url });
  expect([cancelled.statusCode, cancelled.json().state]).toEqual([202, 'cancelled']);
});
