import { once } from 'node:events';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { expect, test, vi } from 'vitest';
import type { App } from '../../src/api/route.ts';
import { bearer, keyOf } from './apiKeys.ts';
import { churn1, startApi } from './harness.ts';
import { listen } from './rawHttp.ts';

const keys = [keyOf('ana', 'key-a'), keyOf('ana', 'key-a2'), keyOf('bob', 'key-b')];
const streams = { total: 1000, perCaller: 50 };

async function opener(app: App) {
  const port = await listen(app);
  return async (headers: Record<string, string> = {}): Promise<IncomingMessage> => {
    const request = get({ host: '127.0.0.1', port, path: '/events', headers });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response.setEncoding('utf8');
  };
}

const codeOf = async (response: IncomingMessage): Promise<unknown> => {
  let text = '';
  for await (const chunk of response) text += chunk;
  return JSON.parse(text).code;
};

test('a caller with more requests in a minute than allowed is refused until the minute is over, and nobody else is', async () => {
  const { app } = await startApi({ keys, config: { limits: { requestsPerMinute: 3, streams } } });
  const send = (secret: string, url = '/environments') => app.inject({ url, headers: bearer(secret) });
  const first = await send('key-a');
  expect([first.statusCode, first.headers['ratelimit-limit'], first.headers['ratelimit-remaining']]).toEqual([
    200,
    '3',
    '2',
  ]);
  // All keys of a caller count together, on all operations.
  expect((await send('key-a2', '/sweeps')).statusCode).toBe(200);
  expect((await send('key-a')).statusCode).toBe(200);
  const refused = await send('key-a');
  expect([refused.statusCode, refused.json().code]).toEqual([429, 'TooManyRequests']);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect((await send('key-b')).statusCode).toBe(200);

  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
  const later = await send('key-a');
  vi.useRealTimers();
  expect(later.statusCode).toBe(200);
});

test('probes, metrics, and requests where nobody authenticates are not counted', async () => {
  const config = { limits: { requestsPerMinute: 1, streams } };
  const keyed = await startApi({ keys, config });
  for (const url of ['/healthz', '/readyz', '/metrics', '/openapi.json'])
    for (let i = 0; i < 3; i++)
      expect([url, (await keyed.app.inject({ url, headers: bearer('key-a') })).statusCode]).toEqual([url, 200]);
  const local = await startApi({ config });
  for (let i = 0; i < 3; i++) expect((await local.app.inject('/environments')).statusCode).toBe(200);
});

test('a caller has only so many event streams open; one that closes makes room', async () => {
  const limits = { requestsPerMinute: 0, streams: { total: 10, perCaller: 2 } };
  const { app, environments } = await startApi({ keys, config: { limits } });
  const open = await opener(app);
  const [first] = [await open(bearer('key-a')), await open(bearer('key-a2'))];
  const refused = await open(bearer('key-a'));
  expect([refused.statusCode, refused.headers['retry-after'], await codeOf(refused)]).toEqual([
    429,
    '15',
    'TooManyRequests',
  ]);
  expect((await open(bearer('key-b'))).statusCode).toBe(200);
  await vi.waitUntil(() => environments.watchers === 3);
  first.destroy();
  await vi.waitUntil(() => environments.watchers === 2);
  expect((await open(bearer('key-a'))).statusCode).toBe(200);
});

test('a process has only so many event streams open', async () => {
  const limits = { requestsPerMinute: 0, streams: { total: 1, perCaller: 1 } };
  const { app } = await startApi({ config: { limits } });
  const open = await opener(app);
  expect((await open()).statusCode).toBe(200);
  const refused = await open();
  expect([refused.statusCode, await codeOf(refused)]).toEqual([503, 'Unavailable']);
});

test('a refused request to open a stream does not count', async () => {
  const limits = { requestsPerMinute: 0, streams: { total: 1, perCaller: 1 } };
  const { app } = await startApi({ config: { limits } });
  for (let i = 0; i < 3; i++) expect((await app.inject('/environments/churn1/events')).statusCode).toBe(404);
});

test('an event stream ends when the key of its caller is revoked', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const valid = [...keys];
  const { app, environments } = await startApi({ keys: valid });
  await app.inject({ method: 'POST', url: '/environments', payload: churn1, headers: bearer('key-a') });
  const open = await opener(app);
  const response = await open(bearer('key-a'));
  await vi.waitUntil(() => environments.watchers === 1);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(environments.watchers).toBe(1);
  valid.length = 0;
  await vi.advanceTimersByTimeAsync(60_000);
  vi.useRealTimers();
  await vi.waitUntil(() => environments.watchers === 0);
  response.destroy();
});
