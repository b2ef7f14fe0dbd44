import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildEmulator } from '../../src/emulator/server.ts';
import { send } from './armHarness.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'moat-certificates-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** Starts an emulator, checks that a client that trusts its authority is answered, and returns what it logged as an error. */
async function startOnce(): Promise<string> {
  const errors: string[] = [];
  const log = ({ level, message }: { level: string; message: string }): void => {
    if (level === 'error') errors.push(message);
  };
  const emulator = await buildEmulator({ dataDir, port: 0, log });
  expect(emulator.caPem).toBe(readFileSync(emulator.caPath, 'utf8'));
  expect((await send(emulator, 'GET', '/_emulator/health')).status).toBe(200);
  await emulator.close();
  return errors.join('\n');
}

const read = (file: string): string => readFileSync(join(dataDir, file), 'utf8');

test('the authority survives restarts', async () => {
  expect(await startOnce()).toBe('');
  const [before, leaf] = [read('emulator-ca.pem'), read('emulator.pem')];
  expect(await startOnce()).toBe('');
  expect([read('emulator-ca.pem'), read('emulator.pem')]).toEqual([before, leaf]);
});

test.each(['emulator-ca.pem', 'emulator-ca.key', 'emulator.pem', 'emulator.key'])(
  'an empty or truncated %s is created again, which the log reports',
  async (file) => {
    await startOnce();
    for (const damaged of ['', read(file).slice(0, 90)]) {
      writeFileSync(join(dataDir, file), damaged);
      expect(await startOnce()).toContain(join(dataDir, file));
      expect(await startOnce()).toBe('');
    }
  },
);

test('a key of another certificate is not used', async () => {
  await startOnce();
  writeFileSync(join(dataDir, 'emulator.key'), read('emulator-ca.key'));
  expect(await startOnce()).toContain('are not a certificate and its key');
});

test('a file that cannot be read is one line that names it', async () => {
  mkdirSync(join(dataDir, 'emulator-ca.pem'));
  mkdirSync(join(dataDir, 'emulator-ca.key'));
  await expect(startOnce()).rejects.toThrow(/^Cannot open .*emulator-ca\.pem: EISDIR[^\n]*choose another one\.$/);
});
