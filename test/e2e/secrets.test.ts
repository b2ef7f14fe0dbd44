import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createEmulatorControl } from './support/control.ts';
import { historiesOf } from './support/histories.ts';
import type { Histories } from './support/histories.ts';
import { startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';
import { azureSecrets } from './support/secrets.ts';
import { describeLocal } from './support/target.ts';
import { until } from './support/until.ts';

const encryptionKey = randomBytes(32);
const owner = 'ana@example.com';
/** Score input; its first number is searched for in Temporal's data. */
const row = [0.8472913, 0.1938274, 3, 4, 5, 6, 7, 8, 9, 10];
/** Texts that encryption must hide. */
const markers = ['0.8472913', 'inference.ml.azure.com/score', '/subscriptions/', 'expiresAt', 'injected failure'];

const vault1 = { name: 'vault1', location: 'westus2' };
/** The proof sends a token from outside, the jumpbox another one from inside. */
const openWithTokens = { authMode: 'amlToken', endpointPublicNetworkAccess: 'enabled' };
/** How the tokens of an endpoint begin. */
const endpointToken = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT' })).toString('base64url');

/** Encodings of a key. */
const encodingsOf = (bytes: Buffer): string[] => [
  bytes.toString('base64'),
  bytes.toString('hex'),
  bytes.toString('latin1'),
];

for (const [title, configured] of [
  ['with MOAT_ENCRYPTION_KEYS', true],
  ['with the encryption key that Moat creates', false],
] as const)
  describeLocal(title, 'reads Temporal, logs and the emulator’s journal', () => {
    let moat: Moat;
    let settingsDir: string;
    let apiKey: string;
    let ready: EnvironmentAnswer;
    let resources: string;
    const answers: string[] = [];

    async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: never }> {
      const response = await fetch(`${moat.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!path.startsWith('/codec/')) answers.push(JSON.stringify([...response.headers]), text);
      return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as never };
    }

    interface EnvironmentAnswer {
      state: string;
      steps: { id: string; state: string; reason: string | null; message: string | null }[];
      receipt: { score?: { body: unknown } } | null;
    }
    const get = async (name: string): Promise<EnvironmentAnswer> => (await call('GET', `/environments/${name}`)).body;
    const untilState = async (name: string, ...states: string[]) =>
      until(`${name} is ${states.join(' or ')}`, async () => states.includes((await get(name)).state));
    const observedSteps: EnvironmentAnswer['steps'] = [];

    beforeAll(async () => {
      settingsDir = await mkdtemp(join(tmpdir(), 'moat-secrets-'));
      apiKey = randomBytes(24).toString('base64url');
      const file = join(settingsDir, 'api-keys.txt');
      await writeFile(file, `${owner} ${createHash('sha256').update(apiKey).digest('hex')} role=operator\n`);
      moat = await startMoat(inject('temporal').address, `secrets-${configured ? 'configured' : 'created'}`, {
        MOAT_API_KEYS_FILE: file,
        MOAT_TEMPORAL_UI: 'http://temporal.example',
        MOAT_EMULATOR_TIME_SCALE: '1/200',
        ...(configured && { MOAT_ENCRYPTION_KEYS: `k1:${encryptionKey.toString('base64')}` }),
      });
      const control = createEmulatorControl(moat);
      await control('POST', 'faults', {
        match: { method: 'PUT', type: 'Microsoft.Storage/storageAccounts' },
        times: 3,
        effect: { status: 503, code: 'ServiceUnavailable', message: 'injected failure' },
      });
      await call('POST', '/environments', { ...vault1, ...(configured ? {} : openWithTokens) });
      await until('vault1 is ready or failed', async () => {
        const environment = await get('vault1');
        observedSteps.push(...environment.steps);
        return ['ready', 'failed'].includes(environment.state);
      });
      ready = await get('vault1');
      expect((await call('GET', '/environments?state=ready')).body).toMatchObject({
        items: [{ name: 'vault1', owner }],
      });
      const scored = await call('POST', '/environments/vault1/score', { data: [row] });
      expect(scored).toMatchObject({ status: 200, body: { status: 200, body: [expect.any(Number)] } });
      await call('GET', '/environments/vault1/runs');
      expect((await call('GET', '/environments/vault1/proof')).status).toBe(200);
      await call('POST', '/environments', { name: 'vault1', location: 'eastus' });
      for (const path of ['/metrics', '/openapi.json', '/readyz', '/environments/nobody']) await fetch(moat.url + path);
      await call('POST', '/environments', { name: 'vault2', location: 'westus2' });
      await until('the jumpbox step of vault2 runs', async () =>
        (await get('vault2')).steps.some(({ id, state }) => id === 'jumpbox' && state === 'running'),
      );
      await call('POST', '/environments/vault2/cancel', { teardown: true });
      resources = JSON.stringify(await control('GET', 'resources'));
      await call('DELETE', '/environments/vault1');
      await untilState('vault2', 'deleted', 'blocked');
      await untilState('vault1', 'deleted', 'blocked');
    }, 180_000);
    afterAll(async () => {
      await moat.close();
      await rm(settingsDir, { recursive: true });
    });

    it('progress reports what a step waits for and why it is retried', async () => {
      expect(ready.state).toBe('ready');
      const waiting = observedSteps.filter(({ reason }) => reason === 'WaitingOnAzure');
      expect(waiting.some(({ message }) => /online deployment .*: (Creating|Updating)/.test(message ?? ''))).toBe(true);
      const retried = observedSteps.filter(({ state }) => state === 'retrying').map(({ message }) => message);
      expect(retried).toContainEqual(expect.stringMatching(/^injected failure; .* at \d{4}-.*Z$/));
      expect(observedSteps.filter(({ message }) => message === 'Encoded failure')).toEqual([]);
    });

    it('no secret is in a history, an answer, a log, a tag or a recorded request', async () => {
      const control = createEmulatorControl(moat);
      const secrets = [
        ...(await azureSecrets(moat.dataDir)),
        { of: 'the seal', value: (await readFile(join(moat.dataDir, 'seal.key'), 'utf8')).trim() },
        { of: 'the API', value: apiKey },
        { of: 'a token', value: 'emulated-token.' },
        { of: 'an endpoint', value: endpointToken },
        { of: 'a private key', value: 'PRIVATE KEY-----' },
        { of: 'a bearer token', value: 'Bearer emulator' },
        ...encodingsOf(configured ? encryptionKey : await createdKey()).map((value) => ({ of: 'encryption', value })),
      ];
      const kinds = ['onlineendpoints', 'storageaccounts', 'registries', 'a token'];
      for (const kind of kinds) expect(secrets.map(({ of }) => of.toLowerCase()).join(), kind).toContain(kind);

      const histories = await readTemporal();
      expect(histories.workflowIds.map((id) => id.split(':')[1] ?? 'environment')).toEqual(
        expect.arrayContaining(['environment', 'provision', 'score', 'teardown']),
      );
      expect(answers.length).toBeGreaterThan(20);
      const places = {
        histories: histories.decoded,
        answers: answers.join('\n'),
        logs: moat.output.join(''),
        'resources and their tags': resources,
        'recorded requests': JSON.stringify(await control('GET', 'requests')),
      };
      const found = Object.entries(places).flatMap(([place, text]) =>
        secrets.filter(({ value }) => text.includes(value)).map(({ of }) => `${place}: of ${of}`),
      );
      expect(found).toEqual([]);
    });

    it('Temporal’s data cannot be read without the key', async () => {
      const { raw, decoded } = await readTemporal();
      expect(markers.filter((marker) => !decoded.includes(marker))).toEqual([]);
      expect(markers.filter((marker) => raw.includes(marker))).toEqual([]);
    });

    /** `local-<id>:<key in base64>` */
    async function createdKey(): Promise<Buffer> {
      const text = await readFile(join(moat.dataDir, 'encryption.key'), 'utf8');
      return Buffer.from(text.split(':')[1]!, 'base64');
    }

    const decode = async (payloads: unknown[]) => (await call('POST', '/codec/decode', { payloads })).body['payloads'];
    let temporalData: Promise<Histories> | undefined;
    function readTemporal(): Promise<Histories> {
      temporalData ??= historiesOf(inject('temporal').address, moat.namespace, decode);
      return temporalData;
    }
  });
