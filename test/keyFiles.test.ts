import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigError } from '../src/config/configError.ts';
import { loadConfig } from '../src/config.ts';

const key1 = `${'A'.repeat(42)}E=`;

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'moat-keys-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const load = (env: NodeJS.ProcessEnv = {}) => loadConfig({ MOAT_DATA_DIR: dataDir, ...env });

function errorsOf(env: NodeJS.ProcessEnv = {}): readonly string[] {
  try {
    load(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.errors;
    throw error;
  }
  return [];
}

test('both keys are created once, readable by their owner only', () => {
  const { sealKey, encryptionKeys } = load();
  expect(load()).toMatchObject({ sealKey, encryptionKeys });
  expect(Buffer.from(encryptionKeys[0].key, 'base64')).toHaveLength(32);
  expect(readdirSync(dataDir).toSorted()).toEqual(['encryption.key', 'seal.key']);
  for (const file of ['encryption.key', 'seal.key']) expect(statSync(join(dataDir, file)).mode & 0o777).toBe(0o600);
});

test('processes that start together use the same keys', async () => {
  const script = `import { loadConfig } from './src/config.ts';
    const { sealKey, encryptionKeys } = loadConfig();
    process.stdout.write(JSON.stringify([sealKey, encryptionKeys]));`;
  const env = { PATH: process.env['PATH'], MOAT_DATA_DIR: join(dataDir, 'new', 'deep') };
  const start = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env });
  const keys = (await Promise.all([start(), start(), start(), start()])).map(({ stdout }) => stdout);
  expect(new Set(keys).size).toBe(1);
  const [sealKey, [{ id, key }]] = JSON.parse(keys[0]!) as [string, [{ id: string; key: string }]];
  const stored = (file: string): string => readFileSync(join(env.MOAT_DATA_DIR, file), 'utf8');
  expect([stored('seal.key'), stored('encryption.key')]).toEqual([sealKey, `${id}:${key}`]);
});

test.each([
  ['seal.key', '', 'empty'],
  ['seal.key', 'abc', 'truncated (3 characters)'],
  ['encryption.key', '', 'empty'],
  ['encryption.key', `local-1:${key1.slice(1)}`, 'damaged'],
])('a damaged %s is rejected and never replaced: "%s"', (name, content, problem) => {
  const file = join(dataDir, name);
  writeFileSync(file, content);
  const errors = errorsOf();
  expect(errors).toEqual([expect.stringContaining(`${file} is ${problem}. Restore it from a backup`)]);
  expect(readFileSync(file, 'utf8')).toBe(content);
  if (content !== '') expect(errors.join()).not.toContain(content);
});

test('a data directory that cannot be created is reported with its path', () => {
  const file = join(dataDir, 'file');
  writeFileSync(file, '');
  expect(errorsOf({ MOAT_DATA_DIR: join(file, 'data') })).toEqual([
    expect.stringMatching(/file\/data\/\w+\.key cannot be (read|created) \(E\w+\)\. .*MOAT_DATA_DIR/),
  ]);
});

test('configured encryption keys come first, and the key of the data directory still decrypts', () => {
  const { encryptionKeys: local } = load();
  const configured = { id: 'k1', key: key1 };
  expect(load({ MOAT_ENCRYPTION_KEYS: `k1:${key1}` }).encryptionKeys).toEqual([configured, ...local]);
  const copied = `k1:${key1},${readFileSync(join(dataDir, 'encryption.key'), 'utf8')}`;
  expect(load({ MOAT_ENCRYPTION_KEYS: copied }).encryptionKeys).toEqual([configured, ...local]);
});
