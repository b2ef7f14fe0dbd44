import { expect, test } from 'vitest';
import { ConfigError } from '../src/config/configError.ts';
import { loadConfig } from '../src/config.ts';

const sealKey = '0123456789abcdef0123456789abcdef';
const azure = {
  MOAT_TARGET: 'azure',
  AZURE_SUBSCRIPTION_ID: '11111111-2222-4333-8444-55555555555a',
  MOAT_SEAL_KEY: sealKey,
};
const load = (env: NodeJS.ProcessEnv) => loadConfig({ MOAT_SEAL_KEY: sealKey, ...env });

function errorsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    load(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.errors;
    throw error;
  }
  return [];
}

test.each([
  ['1/60', 1 / 60],
  ['1', 1],
  ['0.5', 0.5],
  ['.5/2', 0.25],
  ['10/1000', 0.01],
])('the time scale is a number or a fraction: %s', (text, timeScale) => {
  expect(load({ MOAT_EMULATOR_TIME_SCALE: text }).target).toMatchObject({ timeScale });
});

test.each(['0', '0/5', '1/0', '-1', '1e3', '1/2/3', 'fast', '0.0'])('an invalid time scale is rejected: %s', (text) => {
  expect(errorsOf({ MOAT_EMULATOR_TIME_SCALE: text })).toEqual([
    'MOAT_EMULATOR_TIME_SCALE must be a number above zero or a fraction like 1/60',
  ]);
});

test.each([
  ['off', null],
  ['10m', 600_000],
  ['7d', 604_800_000],
])('MOAT_VERIFY_INTERVAL may be %s', (MOAT_VERIFY_INTERVAL, verifyIntervalMs) => {
  expect(load({ MOAT_VERIFY_INTERVAL })).toMatchObject({ verifyIntervalMs });
});

test.each([
  ['9m', 'at least 10m'],
  ['0m', 'a duration like 90m, 8h or 3d, or off'],
  ['offline', 'a duration like 90m, 8h or 3d, or off'],
])('MOAT_VERIFY_INTERVAL %s is rejected', (MOAT_VERIFY_INTERVAL, required) => {
  expect(errorsOf({ MOAT_VERIFY_INTERVAL })).toEqual([`MOAT_VERIFY_INTERVAL must be ${required}`]);
});

test('with a provider of access tokens, the API may listen elsewhere without API keys', () => {
  const config = load({
    MOAT_HOST: '0.0.0.0',
    MOAT_ENCRYPTION_KEYS: `k1:${'A'.repeat(42)}E=`,
    MOAT_OIDC_ISSUER: 'https://login.example/tenant/v2.0',
    MOAT_OIDC_AUDIENCE: 'api://moat',
  });
  expect(config.api).toMatchObject({ host: '0.0.0.0', keysFile: null, oidc: { roleClaim: 'roles', nameClaim: null } });
});

test.each([
  [{ MOAT_OIDC_ISSUER: 'https://login.example' }, 'MOAT_OIDC_AUDIENCE is required with MOAT_OIDC_ISSUER'],
  [{ MOAT_OIDC_AUDIENCE: 'api://moat' }, 'MOAT_OIDC_ISSUER is required with MOAT_OIDC_AUDIENCE'],
  [{ MOAT_OIDC_ISSUER: 'http://login.example', MOAT_OIDC_AUDIENCE: 'moat' }, 'MOAT_OIDC_ISSUER must be https'],
])('incomplete settings of a provider are rejected: %j', (settings, error) => {
  expect(errorsOf(settings)).toEqual([error]);
});

const signIn = {
  MOAT_OIDC_ISSUER: 'https://login.example.com',
  MOAT_OIDC_AUDIENCE: 'moat',
  MOAT_OIDC_CLIENT_ID: 'console',
  MOAT_PUBLIC_URL: 'https://moat.example.com/',
};

test('the sign-in of the console needs an issuer, and the address of Moat', () => {
  expect(load(signIn)).toMatchObject({
    publicUrl: 'https://moat.example.com',
    session: { lifetimeMs: 8 * 3_600_000, client: { id: 'console', secret: null } },
  });
  expect(errorsOf({ MOAT_OIDC_CLIENT_ID: 'console' })).toEqual([
    'MOAT_OIDC_ISSUER is required with MOAT_OIDC_CLIENT_ID',
    'MOAT_PUBLIC_URL is required with MOAT_OIDC_CLIENT_ID',
  ]);
  expect(errorsOf({ MOAT_OIDC_CLIENT_SECRET: 'secret' })).toEqual([
    'MOAT_OIDC_CLIENT_ID is required with MOAT_OIDC_CLIENT_SECRET',
  ]);
});

test.each([
  ['http://moat.example.com', 'MOAT_PUBLIC_URL must be https'],
  ['https://moat.example.com/moat', 'MOAT_PUBLIC_URL must be an http or https URL without a path'],
  ['https://user@moat.example.com', 'MOAT_PUBLIC_URL must be an http or https URL without a path'],
  ['moat.example.com', 'MOAT_PUBLIC_URL must be an http or https URL without a path'],
])('refuses MOAT_PUBLIC_URL %s', (MOAT_PUBLIC_URL, error) => {
  expect(errorsOf({ MOAT_PUBLIC_URL })).toEqual([error]);
});

test.each(['http://127.0.0.1:3000', 'http://localhost:3000', 'http://[::1]:3000'])('accepts %s, on loopback', (url) => {
  expect(load({ MOAT_PUBLIC_URL: url }).publicUrl).toBe(url);
});

test('limits of callers', () => {
  expect(load({}).limits).toEqual({ requestsPerMinute: 3000, streams: { total: 1000, perCaller: 50 } });
  expect(load({ MOAT_RATE_LIMIT: '0' }).limits.requestsPerMinute).toBe(0);
  expect(errorsOf({ MOAT_MAX_STREAMS: '0' })).toEqual(['MOAT_MAX_STREAMS must be a number from 1 to 1000000']);
});

test.each([
  [{ MOAT_SWEEP: 'yes' }, 'MOAT_SWEEP must be on, dry or off'],
  [{ MOAT_SWEEP_CAP: '0' }, 'MOAT_SWEEP_CAP must be a number from 1 to 10000'],
  [{ MOAT_SWEEP_GRACE: 'none' }, 'MOAT_SWEEP_GRACE must be a duration like 0m, 90m or 2h'],
  [{ MOAT_SWEEP_TIME_ZONE: 'Mars' }, 'MOAT_SWEEP_TIME_ZONE must be a time zone like UTC or Europe/Berlin'],
  [{ MOAT_WEBHOOK_URL: 'https://hooks.example' }, 'MOAT_WEBHOOK_SECRET is required with MOAT_WEBHOOK_URL'],
  [
    { MOAT_WEBHOOK_URL: 'http://hooks.example', MOAT_WEBHOOK_SECRET: 'sixteen characters' },
    'MOAT_WEBHOOK_URL must be https',
  ],
])('invalid sweep and webhook settings are rejected: %j', (settings, error) => {
  expect(errorsOf(settings)).toEqual([error]);
});

test('plain http webhooks are accepted on loopback with the emulator only', () => {
  const here = { MOAT_WEBHOOK_URL: 'http://127.0.0.1:9/x', MOAT_WEBHOOK_SECRET: 'sixteen characters' };
  expect(load(here).webhook).not.toBeNull();
  expect(errorsOf({ ...azure, ...here })).toEqual(['MOAT_WEBHOOK_URL must be https']);
});
