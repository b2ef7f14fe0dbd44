import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { bearer, keyOf } from './apiKeys.ts';
import { churn1, startApi } from './harness.ts';

const post = { method: 'POST', url: '/environments', payload: churn1 } as const;

test('with API keys, every route requires one, and its owner becomes the default owner', async () => {
  const { app, environments } = await startApi({ keys: [keyOf('ana@example.com', 'key-a'), keyOf('bob', 'key-b')] });
  for (const url of ['/environments', '/environments/churn1', '/metrics', '/nowhere']) {
    const answer = await app.inject(url);
    expect([url, answer.statusCode, answer.headers['www-authenticate']]).toEqual([url, 401, 'Bearer realm="moat"']);
    expect(answer.json().code).toBe('Unauthorized');
  }
  for (const authorization of ['Bearer key-c', 'Bearer', 'Basic a2V5LWE=', `Bearer ${keyOf('', 'key-a').sha256}`])
    expect([authorization, (await app.inject({ ...post, headers: { authorization } })).statusCode]).toEqual([
      authorization,
      401,
    ]);
  expect(environments.all.size).toBe(0);

  const made = await app.inject({ ...post, headers: bearer('key-b') });
  expect([made.statusCode, made.json().owner]).toEqual([202, 'bob']);
  expect((await app.inject({ url: '/environments', headers: bearer('key-a') })).json().items).toHaveLength(1);
});

test('probes and the description of the API require no key', async () => {
  const { app } = await startApi({ keys: [keyOf('ana', 'key-a')] });
  for (const url of ['/healthz', '/readyz', '/openapi.json', '/docs/'])
    expect([url, (await app.inject(url)).statusCode]).toEqual([url, 200]);
});

test('without keys only Host headers of loopback are accepted, with keys any', async () => {
  const local = await startApi();
  for (const host of ['localhost:3000', '127.0.0.1:3000', '[::1]:3000', 'LOCALHOST'])
    expect([host, (await local.app.inject({ url: '/environments', headers: { host } })).statusCode]).toEqual([
      host,
      200,
    ]);
  for (const host of ['evil.example', 'localhost.evil.example:3000', '127.0.0.1.evil.example']) {
    const answer = await local.app.inject({ url: '/environments', headers: { host } });
    expect([host, answer.statusCode, answer.json().code]).toEqual([host, 403, 'ForeignRequest']);
  }
  const keyed = await startApi({ keys: [keyOf('ana', 'key-a')] });
  const headers = { host: 'moat.example.com', ...bearer('key-a') };
  expect((await keyed.app.inject({ url: '/environments', headers })).statusCode).toBe(200);
});

test.each([
  [{ origin: 'https://evil.example' }],
  [{ origin: 'null' }],
  [{ origin: 'http://localhost:8233', host: 'localhost:3000' }],
  [{ 'sec-fetch-site': 'cross-site' }],
  [{ 'sec-fetch-site': 'same-site' }],
])("a page of another origin cannot send a changing request through a visitor's browser: %j", async (headers) => {
  const { app, environments } = await startApi();
  const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await app.inject({ ...post, payload: JSON.stringify(churn1), headers: form });
  expect([answer.statusCode, answer.json().code]).toEqual([403, 'ForeignRequest']);
  expect(environments.all.size).toBe(0);
});

test('a page of the same origin can', async () => {
  const { app } = await startApi();
  const headers = { host: 'localhost:3000', origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin' };
  expect((await app.inject({ ...post, headers })).statusCode).toBe(202);
});

test('an unexpected error is answered with the request ID only, and logged under that ID', async () => {
  const lines: string[] = [];
  const stream = new PassThrough().on('data', (chunk) => lines.push(String(chunk)));
  const { app, environments } = await startApi({ logger: { level: 'error', stream } });
  environments.get = () => Promise.reject(new TypeError('connect to db failed, password=hunter2'));
  const answer = await app.inject('/environments/churn1');
  expect([answer.statusCode, answer.json().code]).toEqual([500, 'Internal']);
  expect(answer.body + JSON.stringify(answer.headers)).not.toMatch(/hunter2|TypeError|db failed| at /);
  const id = String(answer.headers['x-request-id']);
  expect(answer.json().instance).toBe(`urn:uuid:${id}`);
  expect(lines.join('')).toContain(id);
  expect(lines.join('')).toContain('hunter2');
});

test('every answer has the headers that forbid sniffing, framing and caching', async () => {
  const { app } = await startApi();
  for (const url of ['/environments', '/nowhere', '/healthz'])
    expect((await app.inject(url)).headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
});
