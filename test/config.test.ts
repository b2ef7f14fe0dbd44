import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigError } from '../src/config/configError.ts';
import { loadConfig } from '../src/config.ts';

const guid = '11111111-2222-4333-8444-55555555555a';
const sealKey = '0123456789abcdef0123456789abcdef';
const azure = { MOAT_TARGET: 'azure', AZURE_SUBSCRIPTION_ID: guid, MOAT_SEAL_KEY: sealKey };
const hash = 'ab'.repeat(32);
const key1 = `${'A'.repeat(42)}E=`;
const key2 = `${'B'.repeat(42)}E=`;
const makeKey = '`echo "k1:$(openssl rand -base64 32)"`';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'moat-config-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const load = (env: NodeJS.ProcessEnv = {}, warn?: (message: string) => void) =>
  loadConfig({ MOAT_DATA_DIR: dataDir, ...env }, warn);

function errorsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    load(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.errors;
    throw error;
  }
  return [];
}

function keysFile(text: string): string {
  const file = join(dataDir, 'keys');
  writeFileSync(file, text);
  return file;
}

const unlimited = { environments: null, locations: null, instanceTypes: null };

test('without settings, the target is the emulator and the API listens on loopback', () => {
  expect(load()).toEqual({
    target: {
      kind: 'emulator',
      endpoint: 'https://127.0.0.1:8743',
      caFile: join(dataDir, 'emulator-ca.pem'),
      timeScale: 1 / 60,
    },
    subscriptionIds: [expect.stringMatching(/^[0-9a-f-]{36}$/)],
    dataDir,
    emulator: { host: '127.0.0.1', port: 8743, allowedHosts: [], seed: 1 },
    api: { host: '127.0.0.1', port: 3000, keysFile: null, oidc: null },
    publicUrl: null,
    session: { lifetimeMs: 28_800_000, client: null },
    limits: { requestsPerMinute: 3000, streams: { total: 1000, perCaller: 50 } },
    policy: { everybody: { ...unlimited, maxTtl: '7d' }, owners: {} },
    lease: { defaultTtl: '8h', maxTtl: '7d' },
    allowPrivateRepositories: false,
    sweep: { mode: 'on', intervalMs: 3_600_000, timeZone: 'UTC', graceMs: 7_200_000, cap: null, dailyCap: null },
    verifyIntervalMs: 86_400_000,
    webhook: null,
    temporalUi: null,
    encryptionKeys: [],
    buildId: null,
    sealKey: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test('every setting is read', () => {
  const config = load({
    MOAT_HOST: '0.0.0.0',
    MOAT_PORT: '8080',
    MOAT_API_KEYS_FILE: keysFile(
      `# owner, SHA-256\nana@example.com ${hash}\n\n  bob\t${hash.toUpperCase()}  role=operator \n`,
    ),
    MOAT_OIDC_ISSUER: 'https://login.example/tenant/v2.0',
    MOAT_OIDC_AUDIENCE: 'api://moat',
    MOAT_OIDC_ROLE_CLAIM: 'realm_access.roles',
    MOAT_OIDC_NAME_CLAIM: 'email',
    MOAT_OIDC_CLIENT_ID: 'console',
    MOAT_OIDC_CLIENT_SECRET: 'client secret',
    MOAT_PUBLIC_URL: 'https://moat.example.com',
    MOAT_SESSION_LIFETIME: '30m',
    MOAT_RATE_LIMIT: '600',
    MOAT_MAX_STREAMS: '200',
    MOAT_MAX_STREAMS_PER_CALLER: '20',
    MOAT_EMULATOR_HOST: '0.0.0.0',
    MOAT_EMULATOR_PORT: '9000',
    MOAT_EMULATOR_ALLOWED_HOSTS: 'emulator, emulator.test',
    MOAT_EMULATOR_TIME_SCALE: '0.01',
    MOAT_EMULATOR_SEED: 'none',
    MOAT_ARM_ENDPOINT: 'https://emulator:9000',
    MOAT_ARM_CA: '/shared/ca.pem',
    AZURE_SUBSCRIPTION_ID: `${guid}, ${guid.replace('1', '2')}`,
    MOAT_TEMPORAL_UI: 'http://localhost:8233/',
    MOAT_SEAL_KEY: sealKey,
    MOAT_ENCRYPTION_KEYS: `k2:${key2}, k1:${key1}`,
    MOAT_BUILD_ID: '1.4.0-3f2a91c',
    MOAT_DEFAULT_TTL: '90m',
    MOAT_MAX_TTL: '2d',
    MOAT_ALLOW_PRIVATE_REPOSITORIES: 'true',
    MOAT_SWEEP: 'dry',
    MOAT_SWEEP_INTERVAL: '30m',
    MOAT_SWEEP_TIME_ZONE: 'Europe/Berlin',
    MOAT_SWEEP_GRACE: '0m',
    MOAT_SWEEP_CAP: '7',
    MOAT_SWEEP_DAILY_CAP: '9',
    MOAT_VERIFY_INTERVAL: '6h',
    MOAT_WEBHOOK_URL: 'https://hooks.example/moat',
    MOAT_WEBHOOK_SECRET: 'sixteen characters',
  });
  expect(config).toEqual({
    target: { kind: 'emulator', endpoint: 'https://emulator:9000', caFile: '/shared/ca.pem', timeScale: 0.01 },
    subscriptionIds: [guid, guid.replace('1', '2')],
    dataDir,
    emulator: { host: '0.0.0.0', port: 9000, allowedHosts: ['emulator', 'emulator.test'], seed: null },
    api: {
      host: '0.0.0.0',
      port: 8080,
      keysFile: join(dataDir, 'keys'),
      oidc: {
        issuer: 'https://login.example/tenant/v2.0',
        audience: 'api://moat',
        roleClaim: 'realm_access.roles',
        nameClaim: 'email',
      },
    },
    publicUrl: 'https://moat.example.com',
    session: { lifetimeMs: 1_800_000, client: { id: 'console', secret: 'client secret' } },
    limits: { requestsPerMinute: 600, streams: { total: 200, perCaller: 20 } },
    policy: { everybody: { ...unlimited, maxTtl: '2d' }, owners: {} },
    lease: { defaultTtl: '90m', maxTtl: '2d' },
    allowPrivateRepositories: true,
    sweep: { mode: 'dry', intervalMs: 1_800_000, timeZone: 'Europe/Berlin', graceMs: 0, cap: 7, dailyCap: 9 },
    verifyIntervalMs: 21_600_000,
    webhook: { url: 'https://hooks.example/moat', secret: 'sixteen characters' },
    temporalUi: 'http://localhost:8233',
    encryptionKeys: [
      { id: 'k2', key: key2 },
      { id: 'k1', key: key1 },
    ],
    buildId: '1.4.0-3f2a91c',
    sealKey,
  });
});

test('target azure creates no local files', () => {
  const config = load(azure);
  expect([config.target, config.subscriptionIds, config.sealKey]).toEqual([{ kind: 'azure' }, [guid], sealKey]);
  expect(readdirSync(dataDir)).toEqual([]);
  const elsewhere = load({ ...azure, MOAT_ARM_ENDPOINT: 'https://arm.example', MOAT_ARM_CA: '/ca.pem' });
  expect(elsewhere.target).toEqual({ kind: 'azure', endpoint: 'https://arm.example', caFile: '/ca.pem' });
});

test('all errors are reported at once, each one once', () => {
  expect(
    errorsOf({
      MOAT_TARGET: 'aws',
      MOAT_HOST: '0.0.0.0',
      MOAT_PORT: '70000',
      MOAT_EMULATOR_PORT: 'x',
      MOAT_EMULATOR_SEED: 'one',
      MOAT_MAX_TTL: '1h',
      MOAT_SEAL_KEY: 'short',
      MOAT_TEMPORAL_UI: 'localhost',
      AZURE_SUBSCRIPTION_ID: 'mine',
    }).toSorted(),
  ).toEqual([
    'AZURE_SUBSCRIPTION_ID must be one or more GUIDs, comma-separated',
    'MOAT_API_KEYS_FILE or MOAT_OIDC_ISSUER is required when MOAT_HOST (0.0.0.0) is not loopback',
    'MOAT_DEFAULT_TTL must not be longer than MOAT_MAX_TTL',
    'MOAT_EMULATOR_PORT must be a port, 0 to 65535',
    'MOAT_EMULATOR_SEED must be a whole number of up to 9 digits, or none',
    `MOAT_ENCRYPTION_KEYS is required when MOAT_HOST (0.0.0.0) is not loopback: ${makeKey} generates one`,
    'MOAT_PORT must be a port, 0 to 65535',
    'MOAT_SEAL_KEY must be at least 32 characters',
    'MOAT_TARGET must be emulator or azure',
    'MOAT_TEMPORAL_UI must be an http or https URL',
  ]);
  expect(errorsOf({ MOAT_TARGET: 'azure' })).toEqual([
    'AZURE_SUBSCRIPTION_ID is required when MOAT_TARGET is azure',
    'MOAT_SEAL_KEY is required when MOAT_TARGET is azure: `openssl rand -hex 32` generates one',
  ]);
  expect(() => load({ MOAT_PORT: '-1', MOAT_MAX_TTL: '1h' })).toThrow(
    'Invalid configuration:\n  - MOAT_PORT must be a port, 0 to 65535\n  - MOAT_DEFAULT_TTL must not be longer than MOAT_MAX_TTL',
  );
});

test('error messages contain no secrets', () => {
  expect(errorsOf({ MOAT_TARGET: 'azure', MOAT_SEAL_KEY: 'hunter2' }).join()).not.toContain('hunter2');
  expect(errorsOf({ MOAT_API_KEYS_FILE: keysFile('ana hunter2') }).join()).not.toContain('hunter2');
  expect(errorsOf({ MOAT_ENCRYPTION_KEYS: 'k1:hunter2' }).join()).not.toContain('hunter2');
});

test.each([key1, `k1:${key1.slice(1)}`, `:${key1}`, `k1:${key1},`, `k1:${key1} k2:${key2}`])(
  'invalid encryption keys are rejected, with a command that generates one: %s',
  (MOAT_ENCRYPTION_KEYS) => {
    expect(errorsOf({ MOAT_ENCRYPTION_KEYS })).toEqual([
      `MOAT_ENCRYPTION_KEYS must be id:key, or several, comma-separated, each key 32 bytes in base64: ${makeKey} generates one`,
    ]);
  },
);

test('two encryption keys with the same id are rejected', () => {
  expect(errorsOf({ MOAT_ENCRYPTION_KEYS: `k1:${key1},k1:${key2}` })).toEqual([
    'MOAT_ENCRYPTION_KEYS must not have two keys of the same id',
  ]);
});

test.each(['localhost', '127.0.0.1', '127.0.0.2', '::1'])('no API keys are required on loopback: %s', (MOAT_HOST) => {
  expect(load({ MOAT_HOST }).api).toMatchObject({ host: MOAT_HOST, keysFile: null, oidc: null });
});

test.each(['0.0.0.0', '::', '192.168.0.4', 'moat.example.com', '127.example.com'])(
  'API keys and encryption are required elsewhere: %s',
  (MOAT_HOST) => {
    expect(errorsOf({ MOAT_HOST })).toEqual([
      `MOAT_API_KEYS_FILE or MOAT_OIDC_ISSUER is required when MOAT_HOST (${MOAT_HOST}) is not loopback`,
      `MOAT_ENCRYPTION_KEYS is required when MOAT_HOST (${MOAT_HOST}) is not loopback: ${makeKey} generates one`,
    ]);
  },
);

test('an unusable API key file is reported with its error', () => {
  expect(errorsOf({ MOAT_API_KEYS_FILE: join(dataDir, 'none') })).toEqual([
    expect.stringMatching(/^MOAT_API_KEYS_FILE cannot be read: ENOENT/),
  ]);
  expect(errorsOf({ MOAT_API_KEYS_FILE: keysFile('# nobody\n') })).toEqual(['MOAT_API_KEYS_FILE contains no key']);
  expect(errorsOf({ MOAT_API_KEYS_FILE: keysFile(`ana ${hash}\nbob\n`) })).toEqual([
    expect.stringContaining('MOAT_API_KEYS_FILE line 2 is not `<owner> <SHA-256 of the key>'),
  ]);
});

test("the emulator's seal key is created once, readable by its owner only", () => {
  const first = load();
  expect(load().sealKey).toBe(first.sealKey);
  expect(statSync(join(dataDir, 'seal.key')).mode & 0o777).toBe(0o600);
  expect(readdirSync(dataDir)).toEqual(['seal.key']);
});

test('processes that start together use the same seal key', async () => {
  const script = `import { loadConfig } from './src/config.ts'; process.stdout.write(loadConfig().sealKey);`;
  const env = { PATH: process.env['PATH'], MOAT_DATA_DIR: join(dataDir, 'new', 'deep') };
  const start = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env });
  const keys = (await Promise.all([start(), start(), start(), start()])).map(({ stdout }) => stdout);
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toBe(readFileSync(join(env.MOAT_DATA_DIR, 'seal.key'), 'utf8'));
});

test.each([
  ['', 'empty'],
  ['abc', 'truncated (3 characters)'],
])('a damaged seal key is rejected and never replaced: "%s"', (content, problem) => {
  const file = join(dataDir, 'seal.key');
  writeFileSync(file, content);
  expect(errorsOf({})).toEqual([expect.stringContaining(`${file} is ${problem}. Restore it from a backup`)]);
  expect(readFileSync(file, 'utf8')).toBe(content);
});

test('a data directory that cannot be created is reported with its path', () => {
  const file = join(dataDir, 'file');
  writeFileSync(file, '');
  expect(errorsOf({ MOAT_DATA_DIR: join(file, 'data') })).toEqual([
    expect.stringMatching(/file\/data\/seal.key cannot be (read|created) \(E\w+\)\. .*MOAT_DATA_DIR/),
  ]);
});

test('an empty setting counts as not set', () => {
  expect(load({ MOAT_PORT: '', MOAT_ARM_CA: '', MOAT_TARGET: '' }).api.port).toBe(3000);
});

test('an unknown setting is reported with the most similar one', () => {
  const warnings: string[] = [];
  load({ MOAT_PROT: '1', MOAT_TTL_DEFAULT_FOR_ALL: '1h', PATH: '/bin', TEMPORAL_ADDRESS: 'x' }, (message) =>
    warnings.push(message),
  );
  expect(warnings).toEqual([
    'unknown setting MOAT_PROT is ignored; did you mean MOAT_PORT?',
    'unknown setting MOAT_TTL_DEFAULT_FOR_ALL is ignored',
  ]);
});

test('the configuration is read-only', () => {
  const config = load();
  expect(() => Object.assign(config.api, { port: 1 })).toThrow(TypeError);
  expect(() => Object.assign(config.target, { kind: 'azure' })).toThrow(TypeError);
});
