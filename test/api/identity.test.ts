import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { bearer, keyOf } from './apiKeys.ts';
import { churn1, startApi } from './harness.ts';

const requestIds = /^[0-9a-f-]{36}$/;
const keys = [
  keyOf('ana', 'key-a'),
  keyOf('eve', 'key-e', { role: 'reader' }),
  keyOf('root', 'key-r', { role: 'operator' }),
];

/** An API whose log only has warnings, and its audit lines. */
async function startAudited() {
  const lines: Record<string, unknown>[] = [];
  const stream = new PassThrough().on('data', (chunk) => {
    const line = JSON.parse(String(chunk)) as (typeof lines)[0];
    if ('audit' in line) lines.push(line);
  });
  const api = await startApi({ keys, logger: { level: 'warn', stream } });
  const send = (method: 'POST' | 'GET' | 'DELETE' | 'PATCH', url: string, secret: string, payload?: object) =>
    api.app.inject({ method, url, headers: bearer(secret), ...(payload && { payload }) });
  const audited = async (count: number) => {
    await vi.waitFor(() => expect(lines).toHaveLength(count));
    return lines;
  };
  return { ...api, send, audited };
}

test('an expired key is refused with that reason, before its end it is accepted', async () => {
  const { app } = await startApi({
    keys: [
      keyOf('ana', 'old', { expiresAt: '2026-01-01T00:00:00Z' }),
      keyOf('ana', 'new', { expiresAt: '2999-01-01T00:00:00Z' }),
    ],
  });
  const old = await app.inject({ url: '/me', headers: bearer('old') });
  expect(old.json()).toMatchObject({
    status: 401,
    code: 'Unauthorized',
    detail: 'The API key of ana expired at 2026-01-01T00:00:00Z. Ask an operator for a new one.',
  });
  expect((await app.inject({ url: '/me', headers: bearer('new') })).json()).toMatchObject({ name: 'ana' });
});

test('each change is one line of the audit log, with who, what and how it ended; reads are not', async () => {
  const { send, audited } = await startAudited();
  await send('POST', '/environments', 'key-a', churn1);
  await send('GET', '/environments/churn1', 'key-a');
  await send('POST', '/plans', 'key-a', churn1);
  await send('DELETE', '/environments/churn1', 'key-e');
  await send('PATCH', '/environments/churn1', 'key-a', { ttl: '900d' });
  await send('POST', '/sweeps', 'key-r', {});
  await send('DELETE', '/environments/churn1', 'unknown');
  await send('DELETE', '/environments/churn1', 'key-r');
  const ana = {
    audit: true,
    caller: 'ana',
    role: 'owner',
    via: 'apiKey',
    requestId: expect.stringMatching(requestIds),
  };
  const lines = await audited(5);
  expect(lines).toMatchObject([
    { ...ana, operation: 'createEnvironment', environment: 'churn1', status: 202, outcome: 'accepted' },
    { audit: true, caller: 'eve', role: 'reader', operation: 'removeEnvironment', status: 403, outcome: 'refused' },
    { ...ana, operation: 'changeLease', environment: 'churn1', status: 400, outcome: 'refused' },
    { audit: true, caller: 'root', operation: 'startSweep', environment: null, status: 202, outcome: 'accepted' },
    { audit: true, caller: 'root', operation: 'removeEnvironment', environment: 'churn1', status: 202 },
  ]);
  expect(JSON.stringify(lines)).not.toMatch(/key-[aer]/);
});

test('a run names who requested it', async () => {
  const { send, environments } = await startAudited();
  const created = await send('POST', '/environments', 'key-a', churn1);
  expect(created.json().run).toMatchObject({ id: 'provision-1', requestedBy: 'ana' });
  environments.finish('churn1');
  const verifying = await send('POST', '/environments/churn1/verify', 'key-r');
  expect(verifying.json().run).toMatchObject({ kind: 'verify', requestedBy: 'root' });
});
