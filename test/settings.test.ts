import { expect, test } from 'vitest';
import { ConfigError } from '../src/config/configError.ts';
import { loadConfig } from '../src/config.ts';

const keys = {
  MOAT_SEAL_KEY: '0123456789abcdef0123456789abcdef',
  MOAT_ENCRYPTION_KEYS: `k1:${'A'.repeat(42)}E=`,
};
const load = (env: NodeJS.ProcessEnv) => loadConfig({ ...keys, ...env });

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
