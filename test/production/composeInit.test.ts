import { spawnSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseApiKeys } from '../../src/config/apiKeys.ts';
import { parseSettings } from '../../src/config/settings.ts';
import { root } from './support/composeFile.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'moat-compose-init-'));
  mkdirSync(join(directory, 'scripts'));
  cpSync(join(root, 'scripts/compose-init'), join(directory, 'scripts/compose-init'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const composeInit = (...args: string[]) =>
  spawnSync(join(directory, 'scripts/compose-init'), args, { encoding: 'utf8', cwd: '/' });
const textOf = (file: string): string => readFileSync(join(directory, file), 'utf8');
const variables = (): Record<string, string> =>
  Object.fromEntries(
    textOf('.env')
      .trim()
      .split('\n')
      .map((line) => [line.split('=')[0]!, line.slice(line.indexOf('=') + 1)]),
  );
const modeOf = (file: string): string => (statSync(join(directory, file)).mode & 0o777).toString(8);
const everything = () =>
  ['.env', 'api-keys.txt', 'metrics-key', 'proxy.key', 'proxy.pem'].map((file) =>
    textOf(file === '.env' ? file : `.moat/compose/${file}`),
  );
const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');
const keys = () => {
  const errors: string[] = [];
  const parsed = parseApiKeys(textOf('.moat/compose/api-keys.txt'), errors);
  expect(errors).toEqual([]);
  return Object.fromEntries(parsed.map(({ owner, sha256, role }) => [owner, { sha256, role }]));
};

it('makes keys that Moat accepts, and prints those that a person needs', () => {
  const { status, stdout, stderr } = composeInit();
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const { settings, errors } = parseSettings(variables());
  expect(errors).toEqual([]);
  expect(settings.MOAT_ENCRYPTION_KEYS).toMatch(/^k1:/);
  expect(settings.MOAT_SEAL_KEY).toHaveLength(64);

  const [, apiKey] = /MOAT_API_KEY=(\S+)/.exec(stdout)!;
  const [, password] = /password (\S+)/.exec(stdout)!;
  expect(keys()).toEqual({
    me: { sha256: hashOf(apiKey!), role: 'operator' },
    'temporal-ui': { sha256: hashOf(variables()['CODEC_API_KEY']!), role: 'operator' },
    prometheus: { sha256: hashOf(textOf('.moat/compose/metrics-key')), role: 'reader' },
  });
  const login = Buffer.from(variables()['TEMPORAL_UI_LOGIN']!, 'base64').toString();
  expect(login).toBe(`moat:${password}`);
  expect(new X509Certificate(textOf('.moat/compose/proxy.pem')).checkHost('localhost')).toBe('localhost');
  expect(everything().join(), 'the own API key is stored as a hash only').not.toContain(apiKey);
});

it('changes nothing at the second start, and prints no key', () => {
  composeInit();
  const before = everything();
  const { status, stdout } = composeInit();
  expect(status).toBe(0);
  expect(stdout).toBe('All keys and certificates exist; nothing was changed.\n');
  expect(everything()).toEqual(before);
});

it('keeps values that exist, also on a last line without an end', () => {
  writeFileSync(join(directory, '.env'), 'OTHER=1\nMOAT_SEAL_KEY=mine');
  composeInit();
  expect(variables()).toMatchObject({ OTHER: '1', MOAT_SEAL_KEY: 'mine' });
  expect(textOf('.env').match(/^MOAT_SEAL_KEY=/gm)).toHaveLength(1);
});

it('replaces a key whose line was deleted, and its hash with it', () => {
  composeInit();
  const before = keys();
  writeFileSync(join(directory, '.env'), textOf('.env').replace(/^CODEC_API_KEY=.*\n/m, ''));
  composeInit();
  const { 'temporal-ui': replaced, ...others } = keys();
  expect(replaced!.sha256).toBe(hashOf(variables()['CODEC_API_KEY']!));
  expect(replaced).not.toEqual(before['temporal-ui']);
  expect({ ...before, 'temporal-ui': replaced }).toEqual({ ...others, 'temporal-ui': replaced });
});

it('closes .env and the folder to other users of the machine', () => {
  composeInit();
  expect([modeOf('.env'), modeOf('.moat/compose')]).toEqual(['600', '700']);
});

it('explains itself, and refuses what it does not know', () => {
  expect(composeInit('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('Usage:') });
  expect(composeInit('--force')).toMatchObject({ status: 2, stderr: expect.stringContaining('Unknown argument') });
});
