import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test, vi } from 'vitest';
import { buildApp } from '../../src/api/app.ts';
import { authenticateByKey } from '../../src/api/identity/apiKeys.ts';
import { proofKeyOf } from '../../src/api/proof/proofKey.ts';
import { schedule } from '../../src/api/sweeps/sweepExamples.ts';
import { createCodec } from '../../src/temporal/payloadCodec.ts';
import { keyOf } from './apiKeys.ts';
import { FakePlans } from './fakePlans.ts';
import { FakeEnvironments } from './fakeEnvironments.ts';
import { FakeMoves } from './fakeMoves.ts';
import { FakeSweeps } from './fakeSweeps.ts';

const temporalUi = 'http://127.0.0.1:8233';
const codec = createCodec([{ id: 'k1', key: randomBytes(32).toString('base64') }]);
const keys = [keyOf('ana', 'key-a', { role: 'operator' }), keyOf('bob', 'key-b')];
const bearer = { authorization: 'Bearer key-a' };

async function startApi(
  change: { ui?: string | null; keys?: typeof keys; without?: boolean; decode?: typeof codec.decode } = {},
) {
  const environments = new FakeEnvironments();
  const app = await buildApp({
    environments,
    moves: new FakeMoves(environments),
    sweeps: new FakeSweeps(),
    sweepSchedule: async () => schedule,
    plans: new FakePlans(),
    config: {
      target: { kind: 'emulator', endpoint: 'https://127.0.0.1:8743', caFile: '/nowhere/ca.pem', timeScale: 1 / 60 },
      subscriptionIds: ['11111111-2222-4333-8444-555555555555'],
      lease: { defaultTtl: '8h', maxTtl: '7d' },
      allowPrivateRepositories: false,
      publicUrl: null,
      limits: { requestsPerMinute: 0, streams: { total: 1, perCaller: 1 } },
      policy: { everybody: { environments: null, locations: null, instanceTypes: null, maxTtl: '7d' }, owners: {} },
    },
    authenticators: change.keys ? [authenticateByKey(() => change.keys!)] : [],
    signIn: null,
    targetReady: async () => true,
    version: '0.1.0',
    temporal: { address: '127.0.0.1:7233', namespace: 'default', ui: null },
    consoleDirectory: '/nowhere/console',
    proofKey: proofKeyOf('the seal key of this test, which has 32 characters'),
    ...(!change.without && {
      codec: {
        ...codec,
        ...(change.decode && { decode: change.decode }),
        temporalUi: change.ui === undefined ? temporalUi : change.ui,
      },
    }),
  });
  onTestFinished(() => app.close());
  return app;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const json = { 'content-type': 'application/json' };
const plain = { metadata: { encoding: base64('json/plain') }, data: base64('{"rows":[1,2]}') };

test("encodes and decodes pages of payloads for Temporal's tools", async () => {
  const app = await startApi();
  const encoded = await app.inject({ method: 'POST', url: '/codec/encode', payload: { payloads: [plain, plain] } });
  expect(encoded.statusCode).toBe(200);
  expect(encoded.json().payloads[0].metadata).toMatchObject({ encoding: base64('binary/encrypted') });
  const decoded = await app.inject({ method: 'POST', url: '/codec/decode', payload: encoded.body, headers: json });
  expect(decoded.json()).toEqual({ payloads: [plain, plain] });

  const page = { payloads: Array.from({ length: 300 }, () => ({ ...plain, data: base64('x'.repeat(3000)) })) };
  expect((await app.inject({ method: 'POST', url: '/codec/decode', payload: page })).statusCode).toBe(200);
});

test('pages of the Temporal UI may call the codec, and no others', async () => {
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

test('no page may call the codec without an address of the Temporal UI', async () => {
  const app = await startApi({ ui: null });
  const headers = { origin: temporalUi };
  const refused = await app.inject({ method: 'POST', url: '/codec/decode', payload: { payloads: [] }, headers });
  expect([refused.statusCode, refused.headers['access-control-allow-origin']]).toEqual([403, undefined]);
});

test('the codec requires the key of an operator where the API requires keys; a CORS preflight does not', async () => {
  const app = await startApi({ keys });
  const post = { method: 'POST', url: '/codec/decode', payload: { payloads: [] } } as const;
  expect((await app.inject(post)).statusCode).toBe(401);
  expect((await app.inject({ ...post, headers: { authorization: 'Bearer key-b' } })).json().code).toBe('Forbidden');
  expect((await app.inject({ ...post, headers: bearer })).statusCode).toBe(200);
  expect(
    (await app.inject({ method: 'OPTIONS', url: '/codec/decode', headers: { origin: temporalUi } })).statusCode,
  ).toBe(204);
  expect((await app.inject({ method: 'OPTIONS', url: '/environments' })).statusCode).toBe(401);
});

test('refuses what is not a list of payloads, and payloads that cannot be decrypted, with the cause', async () => {
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

test('there is no codec without encryption keys', async () => {
  const app = await startApi({ without: true });
  const answer = await app.inject({ method: 'POST', url: '/codec/decode', payload: { payloads: [] } });
  expect(answer.statusCode).toBe(404);
});

test('an 8 MB body of invalid payloads is refused with one error', async () => {
  const app = await startApi();
  const payload = `{"payloads":[${Array(2_700_000).fill('1').join(',')}]}`;
  const many = await app.inject({ method: 'POST', url: '/codec/decode', payload, headers: json });
  expect([many.statusCode, many.json().errors]).toEqual([
    400,
    [{ path: '', message: 'must have at most 20000 values' }],
  ]);
  const few = `{"payloads":[${Array(2000).fill('1').join(',')}]}`;
  const wrong = await app.inject({ method: 'POST', url: '/codec/decode', payload: few, headers: json });
  expect([wrong.statusCode, wrong.json().errors]).toEqual([
    400,
    [{ path: '/payloads/0', message: 'must be an object' }],
  ]);
});

test.each([
  [[], '/payloads'],
  [{ payloads: Array.from({ length: 2001 }, () => ({})) }, '/payloads'],
  [{ payloads: [{ data: 1 }] }, '/payloads/0/data'],
  [{ payloads: [{}, { metadata: [] }] }, '/payloads/1/metadata'],
  [{ payloads: [{ metadata: { encoding: null } }] }, '/payloads/0/metadata'],
  [
    { payloads: [{ metadata: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [i, ''])) }] },
    '/payloads/0/metadata',
  ],
])('refuses payloads with the path of what is wrong (%#)', async (payload, path) => {
  const app = await startApi();
  const answer = await app.inject({ method: 'POST', url: '/codec/encode', payload });
  expect(answer.json()).toMatchObject({ status: 400, code: 'InvalidBody', errors: [{ path }] });
});

test('the codec handles 4 requests at once and refuses others until one has ended', async () => {
  const waiting: (() => void)[] = [];
  const decode: typeof codec.decode = (payloads) => new Promise((resolve) => waiting.push(() => resolve(payloads)));
  const app = await startApi({ decode });
  const post = { method: 'POST', url: '/codec/decode', payload: { payloads: [plain] } } as const;
  const running = Array.from({ length: 4 }, () => app.inject(post));
  await vi.waitFor(() => expect(waiting).toHaveLength(4));
  const refused = await app.inject({ ...post, url: '/codec/encode' });
  expect([refused.statusCode, refused.json().code, refused.headers['retry-after']]).toEqual([503, 'Unavailable', '1']);
  for (const end of waiting) end();
  expect((await Promise.all(running)).map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
  expect((await app.inject({ ...post, url: '/codec/encode' })).statusCode).toBe(200);
});
