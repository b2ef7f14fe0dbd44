import { expect, test } from 'vitest';
import { churn1, startApi } from './harness.ts';

const model = {
  format: 'custom',
  repository: 'https://github.com/ana/models',
  ref: '0123456789abcdef0123456789abcdef01234567',
  path: 'churn',
};
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const create = (request: string, expected = '[]'): string =>
  JSON.stringify({ ...churn1, model: { ...model, request: 'REQUEST', expected: 'EXPECTED' } })
    .replace('"REQUEST"', request)
    .replace('"EXPECTED"', expected);

const operations = [
  ['POST', '/environments', (json: string) => create(json)],
  ['POST', '/environments', (json: string) => create('[]', json)],
  ['POST', '/environments/churn1/score', (json: string) => json],
  ['POST', '/environments/churn1/cancel', (json: string) => `{"teardown":${json}}`],
  ['PATCH', '/environments/churn1', (json: string) => `{"ttl":${json}}`],
  ['POST', '/sweeps', (json: string) => `{"dryRun":${json}}`],
] as const;

const bounds = [
  [nested(2400), 'must be nested at most 32 levels deep'],
  [nested(7900), 'must be nested at most 32 levels deep'],
  [`[${Array(4001).fill('1').join(',')}]`, 'must have at most 4000 values'],
  [`"${'x'.repeat(8193)}"`, 'must not have a string of more than 8192 characters'],
  [`{"${'x'.repeat(257)}":1}`, 'must not have a member name of more than 256 characters'],
  ['[1e400]', 'must not have a number that loses its value as a 64-bit float: 1e400'],
  ['9007199254740993', 'must not have a number that loses its value as a 64-bit float: 9007199254740993'],
  ['{"a":1,"a":2}', 'must not have a member twice: a'],
  [String.raw`"\ud800"`, 'must not have an unpaired surrogate in a string'],
] as const;

test.each(operations)('%s %s refuses JSON beyond each limit and names the limit', async (method, url, bodyOf) => {
  const { app, environments } = await startApi();
  for (const [json, message] of bounds) {
    const payload = bodyOf(json);
    const answer = await app.inject({ method, url, payload, headers: { 'content-type': 'application/json' } });
    const { code, errors } = answer.json();
    expect([answer.statusCode, code, errors]).toEqual([400, 'InvalidBody', [{ path: '', message }]]);
  }
  expect(environments.all.size).toBe(0);
});

test('accepts JSON within the limits', async () => {
  const { app, environments } = await startApi();
  const headers = { 'content-type': 'application/json' };
  // A body is one level, its model another.
  const created = await app.inject({ method: 'POST', url: '/environments', payload: create(nested(30)), headers });
  expect(created.statusCode).toBe(202);
  environments.finish('churn1');
  for (const payload of [nested(32), `[${Array(3999).fill('1').join(',')}]`, `"${'x'.repeat(8192)}"`, '1e20']) {
    const scored = await app.inject({ method: 'POST', url: '/environments/churn1/score', payload, headers });
    expect(scored.statusCode).toBe(200);
  }
});

test('reports at most 20 errors of a body', async () => {
  const { app } = await startApi();
  const payload = Object.fromEntries(Array.from({ length: 1500 }, (_, i) => [`m${i}`, 1]));
  const answer = await app.inject({ method: 'POST', url: '/environments', payload });
  expect([answer.statusCode, answer.json().errors.length]).toEqual([400, 20]);
});

test.each([
  ['invalid UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), {}, 400, 'InvalidBody'],
  ['a compressed body', Buffer.from([0x1f, 0x8b, 8, 0]), { 'content-encoding': 'gzip' }, 415, 'UnsupportedMediaType'],
])('refuses %s', async (_, payload, headers, status, code) => {
  const { app } = await startApi();
  const all = { 'content-type': 'application/json', ...headers };
  const answer = await app.inject({ method: 'POST', url: '/environments', payload, headers: all });
  expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
});

test('ignores a byte order mark', async () => {
  const { app } = await startApi();
  const payload = Buffer.from(`\ufeff${JSON.stringify(churn1)}`);
  const headers = { 'content-type': 'application/json' };
  expect((await app.inject({ method: 'POST', url: '/environments', payload, headers })).statusCode).toBe(202);
});
