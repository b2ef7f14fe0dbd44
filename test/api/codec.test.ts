import { createHash, randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { buildApp } from '../../src/api/app.ts';
import { createCodec } from '../../src/temporal/payloadCodec.ts';
import { FakeEnvironments } from './fakeEnvironments.ts';
import { FakeSweeps } from './fakeSweeps.ts';

const temporalUi = 'http://127.0.0.1:8233';
const codec = createCodec([{ id: 'k1', key: randomBytes(32).toString('base64') }]);
const keys = [{ owner: 'ana', sha256: createHash('sha256').update('key-a').digest('hex') }];
const bearer = { authorization: 'Bearer key-a' };

async function startApi(change: { ui?: string | null; keys?: typeof keys; without?: boolean } = {}) {
  const app = await buildApp({
    environments: new FakeEnvironments(),
    sweeps: new FakeSweeps(),
    config: {
      target: { kind: 'emulator', endpoint: 'https://127.0.0.1:8743', caFile: '/nowhere/ca.pem', timeScale: 1 / 60 },
      subscriptionIds: ['11111111-2222-4333-8444-555555555555'],
      api: { host: '127.0.0.1', port: 0, keys: change.keys ?? null },
      lease: { defaultTtl: '8h', maxTtl: '7d' },
    },
    targetReady: async () => true,
    version: '0.1.0',
    ...(!change.without && { codec: { ...codec, temporalUi: change.ui === undefined ? temporalUi : change.ui } }),
  });
  onTestFinished(() => app.close());
  return app;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const plain = { metadata: { encoding: base64('json/plain') }, data: base64('{"rows":[1,2]}') };

test("Temporal's tools see what is encrypted, page by page", async () => {
  const app = await startApi();
  const encoded = await app.inject({ method: 'POST', url: '/codec/encode', payload: { payloads: [plain, plain] } });
  expect(encoded.statusCode).toBe(200);
  expect(encoded.json().payloads[0].metadata).toMatchObject({ encoding: base64('binary/encrypted') });
  const decoded = await app.inject({ method: 'POST', url: '/codec/decode', payload: encoded.body, headers: json });
  expect(decoded.json()).toEqual({ payloads: [plain, plain] });

  const page = { payloads: Array.from({ length: 300 }, () => ({ ...plain, data: base64('x'.repeat(3000)) })) };
  expect((await app.inject({ method: 'POST', url: '/codec/decode', payload: page })).statusCode).toBe(200);
});
const json = { 'content-type': 'application/json' };

test('A page of the Temporal UI may ask, and no other page', async () => {
  const app = await startApi();
  const ask = (origin: string) =>
    app.inject({ method: 'POST', url: '/codec/decode', payload: { payloads: [plain] }, headers: { origin } });
  const allowed = await ask(temporalUi);
  expect([allowed.statusCode, allowed.headers['access-control-allow-origin']]).toEqual([200, temporalUi]);
  for (const origin of ['http://127.0.0.1:8234', 'https://evil.example', 'null'])
    expect([origin, (await ask(origin)).statusCode]).toEqual([origin, 403]);

  const headers = { origin: temporalUi, 'access-control-request-method': 'POST' };
  const preflight = await app.inject({ method: 'OPTIONS', url: '/codec/decode', headers });
  expect([preflight.statusCode, preflight.headers['access-control-allow-headers']]).toEqual([
    204,
    'authorization, content-type, x-namespace',
  ]);
  const other = { ...headers, 'content-type': 'application/json' };
  const create = await app.inject({ method: 'POST', url: '/environments', payload: '{}', headers: other });
  expect(create.statusCode, 'the Temporal UI may do nothing else').toBe(403);
});

test('Without an address of the Temporal UI no page may ask', async () => {
  const app = await startApi({ ui: null });
  const headers = { origin: temporalUi };
  const refused = await app.inject({ method: 'POST', url: '/codec/decode', payload: { payloads: [] }, headers });
  expect([refused.statusCode, refused.headers['access-control-allow-origin']]).toEqual([403, undefined]);
});

test('Where the API asks for a key, decoding does too; the question whether a page may ask needs none', async () => {
  const app = await startApi({ keys });
  const post = { method: 'POST', url: '/codec/decode', payload: { payloads: [] } } as const;
  expect((await app.inject(post)).statusCode).toBe(401);
  expect((await app.inject({ ...post, headers: bearer })).statusCode).toBe(200);
  expect(
    (await app.inject({ method: 'OPTIONS', url: '/codec/decode', headers: { origin: temporalUi } })).statusCode,
  ).toBe(204);
  expect((await app.inject({ method: 'OPTIONS', url: '/environments' })).statusCode).toBe(401);
});

test('What is no list of payloads, or cannot be decrypted, is refused with the reason', async () => {
  const app = await startApi();
  const post = { method: 'POST', url: '/codec/decode' } as const;
  expect((await app.inject({ ...post, payload: { payloads: 'all' } })).json().code).toBe('InvalidBody');
  const [sealed] = await createCodec([{ id: 'k0', key: randomBytes(32).toString('base64') }]).encode([{}]);
  const metadata = Object.fromEntries(
    Object.entries(sealed!.metadata!).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
  );
  const answer = await app.inject({ ...post, payload: { payloads: [{ metadata, data: 'AAAA' }] } });
  expect([answer.statusCode, answer.json().detail]).toEqual([503, expect.stringContaining('the key k0')]);
});

test('Without encryption keys there is nothing to decode with', async () => {
  const app = await startApi({ without: true });
  const answer = await app.inject({ method: 'POST', url: '/codec/decode', payload: { payloads: [] } });
  expect(answer.statusCode).toBe(404);
});
