import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nextFreePort } from '../../src/main/ports.ts';
import { createInstallation } from './support/moatProcesses.ts';
import type { Installation, Started } from './support/moatProcesses.ts';

let moat: Installation;

beforeEach(async () => {
  moat = await createInstallation();
});
afterEach(() => moat.close());

const lastLine = ({ output }: Started): string => output().trim().split('\n').at(-1)!;

/** Ports that the first start does not use. */
async function otherPorts(): Promise<Record<string, string>> {
  const port = await nextFreePort(9_000 + Math.floor(Math.random() * 1_000));
  return { MOAT_PORT: String(port), MOAT_EMULATOR_PORT: String(await nextFreePort(port + 1)) };
}

describe('a data directory in use', () => {
  it('is refused to a second npm start and to a separate emulator, and is free after kill -9', async () => {
    const first = moat.start(['--no-sample']);
    await first.prints('Serving until Ctrl-C.');
    const pid = await moat.pidOf(/\/node .*src\/main\/dev\.ts/);

    const ports = await otherPorts();
    const second = moat.start(['--no-sample'], ports);
    const emulator = moat.run('node', ['scripts/run.mjs', 'src/main/emulator.ts'], ports);
    expect(await second.exitCode()).toBe(78);
    expect(second.output().trim()).toMatch(
      new RegExp(
        `^Data directory ${moat.directory} is in use by npm start \\(process ${pid}, since .*Z\\)\\. Stop that`,
      ),
    );
    expect(await emulator.exitCode()).toBe(78);
    expect(lastLine(emulator)).toContain('is in use by the emulator (process');

    process.kill(pid, 'SIGKILL');
    const third = moat.start(['--no-sample'], ports);
    await third.prints('Serving until Ctrl-C.');
  }, 120_000);

  it('of a separate emulator is refused to npm start', async () => {
    const emulator = moat.run('node', ['scripts/run.mjs', 'src/main/emulator.ts']);
    await emulator.prints('emulator: started');
    const start = moat.start(['--no-sample'], await otherPorts());
    expect(await start.exitCode()).toBe(78);
    expect(start.output()).toContain('is in use by the emulator (process');
    expect(start.output()).not.toContain('Serving');
  }, 60_000);
});

/** Expects npm start to end with code 78 and the message. */
const expectRefusal = async (message: RegExp): Promise<void> => {
  const start = moat.start(['--no-sample']);
  expect(await start.exitCode()).toBe(78);
  expect(start.output()).toMatch(message);
  expect(start.output()).not.toMatch(/Serving|restarting|^ +at /m);
};

describe('damaged local state', () => {
  it.each([
    ['temporal.db', '', /temporal\.db is empty\. Restore it from a backup/],
    ['temporal.db', 'x'.repeat(5_000), /temporal\.db is (truncated|not a usable database) .* Restore it from a backup/],
    ['seal.key', '', /seal\.key is empty\. Restore it from a backup/],
    ['encryption.key', 'local-1:short', /encryption\.key is damaged\. Restore it from a backup/],
  ])('%s with the content "%.3s" stops npm start with one line', async (file, content, message) => {
    await writeFile(join(moat.directory, file), content);
    await expectRefusal(message);
  });

  it('a truncated temporal.db is reported with its size', async () => {
    const start = moat.start(['--no-sample']);
    await start.prints('Serving until Ctrl-C.');
    start.child.kill('SIGTERM');
    expect(await start.exitCode()).toBe(0);
    const file = join(moat.directory, 'temporal.db');
    // until a checkpoint, the data is in the write-ahead log only
    const database = new DatabaseSync(file);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
    await truncate(file, 8_192);
    await expectRefusal(/temporal\.db is truncated \(8192 of \d+ bytes\)/);
  }, 120_000);

  it('a lost encryption key is reported with its ID, and the data is readable when it is back', async () => {
    const file = join(moat.directory, 'encryption.key');
    const started = async (): Promise<void> => {
      const start = moat.start(['--no-sample']);
      await start.prints('Serving until Ctrl-C.');
      start.child.kill('SIGTERM');
      expect(await start.exitCode()).toBe(0);
    };
    await started();
    const key = await readFile(file, 'utf8');
    await rm(file);
    await expectRefusal(new RegExp(`encrypted with the key ${key.split(':')[0]}, .* Restore the key`));
    await writeFile(file, key);
    await started();
  }, 180_000);

  it('an unusable data directory is reported with its path', async () => {
    await mkdir(join(moat.directory, 'moat.lock'));
    await expectRefusal(
      /Data directory .* is not writable \(moat\.lock: .*\)\. Make it writable, or set MOAT_DATA_DIR/,
    );
  });

  it('an empty certificate authority of the emulator is created again', async () => {
    for (const file of ['emulator-ca.pem', 'emulator-ca.key']) await writeFile(join(moat.directory, file), '');
    await moat.start(['--no-sample']).prints('Serving until Ctrl-C.');
  }, 120_000);

  it.each(['', '{}', '{"port":"x"}'])('damaged ports.json is replaced: "%s"', async (content) => {
    await writeFile(join(moat.directory, 'ports.json'), content);
    await moat.start(['--no-sample']).prints('Serving until Ctrl-C.');
  });
});
