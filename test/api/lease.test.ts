import { expect, test } from 'vitest';
import { churn1, startApi } from './harness.ts';
import type { App } from '../../src/api/route.ts';

const patch = (app: App, payload: object, headers = {}) =>
  app.inject({ method: 'PATCH', url: '/environments/churn1', payload, headers });

async function startWithOne() {
  const started = await startApi();
  await started.app.inject({ method: 'POST', url: '/environments', payload: churn1 });
  return started;
}

test('PATCH with a ttl renews the lease from now', async () => {
  const { app } = await startWithOne();
  const answer = await patch(app, { ttl: '4h' });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({
    name: 'churn1',
    lease: { expiresAt: '2026-11-23T22:00:00.000Z', lastChange: { kind: 'renewed', by: 'local' } },
  });
});

test('PATCH protects with a reason and unprotects; the list filters by protection', async () => {
  const { app } = await startWithOne();
  const kept = await patch(app, { protected: true, reason: 'demo on Friday' });
  expect(kept.json()).toMatchObject({ lease: { protected: true, reason: 'demo on Friday' } });
  expect((await app.inject('/environments?protected=true')).json()).toMatchObject({ items: [{ name: 'churn1' }] });
  expect((await app.inject('/environments?protected=false')).json()).toMatchObject({ items: [] });
  expect((await app.inject({ method: 'DELETE', url: '/environments/churn1' })).statusCode).toBe(423);
  const released = await patch(app, { protected: false });
  expect(released.json()).toMatchObject({ lease: { protected: false, reason: null } });
});

test.each([
  [{}, ''],
  [{ ttl: 'soon' }, '/ttl'],
  [{ ttl: '8d' }, '/ttl'],
  [{ protected: 'yes' }, '/protected'],
  [{ protected: true, reason: '' }, '/reason'],
  [{ protected: true, reason: 'x'.repeat(257) }, '/reason'],
  [{ protected: true, reason: '😀'.repeat(129) }, '/reason'],
  [{ protected: true, reason: 'False' }, '/reason'],
  [{ protected: true, reason: 'two\nlines' }, '/reason'],
  [{ protected: false, reason: 'none' }, '/reason'],
  [{ ttl: '4h', owner: 'bob' }, '/owner'],
])('PATCH refuses %j with the path of the error', async (body, path) => {
  const { app } = await startWithOne();
  const answer = await patch(app, body);
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ code: 'InvalidBody', errors: [{ path }] });
});

test.each(['x'.repeat(256), '😀'.repeat(128), 'x'])(
  'PATCH accepts a reason that fits into an Azure tag: %s',
  async (reason) => {
    const { app } = await startWithOne();
    const answer = await patch(app, { protected: true, reason });
    expect([answer.statusCode, answer.json().lease.reason]).toEqual([200, reason]);
  },
);

test('PATCH is refused for an unknown environment, during a teardown, and without a worker', async () => {
  const { app, environments } = await startApi();
  expect((await patch(app, { ttl: '4h' })).statusCode).toBe(404);
  await app.inject({ method: 'POST', url: '/environments', payload: churn1 });
  environments.ready = { temporal: true, worker: false };
  const unavailable = await patch(app, { ttl: '4h' });
  expect([unavailable.statusCode, unavailable.headers['retry-after']]).toEqual([503, '5']);
  environments.set('churn1', { state: 'deleting' });
  const deleting = await patch(app, { ttl: '4h' });
  expect([deleting.statusCode, deleting.json()]).toEqual([409, expect.objectContaining({ code: 'BeingDeleted' })]);
});

test('the list filters by expired and marked, which are true or false', async () => {
  const { app } = await startWithOne();
  expect((await app.inject('/environments?expired=true&marked=false')).statusCode).toBe(200);
  expect((await app.inject('/environments?expired=maybe')).statusCode).toBe(400);
});
