import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Arm, send } from './armHarness.ts';

/** A file size limit of a real process simulates a full disk: writes are first short, then fail. */
const limitKiB = 48;
const version = '?api-version=2024-11-01';

let directory: string;
let child: ChildProcess;
let emulator: { port: number; caPem: string; subscriptionId: string };
let log: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moat-full-'));
  const command = `ulimit -S -f ${limitKiB}; exec "$0" "$@"`;
  const script = join(import.meta.dirname, 'emulatorProcess.ts');
  child = spawn('bash', ['-c', command, process.execPath, script, directory], { stdio: ['ignore', 'pipe', 'pipe'] });
  log = '';
  child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  if (!child.stdout) throw new Error('no stdout');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  emulator = JSON.parse(line) as typeof emulator;
});
afterEach(async () => {
  child.kill('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

const group = (name: string): string => `/subscriptions/${emulator.subscriptionId}/resourceGroups/${name}${version}`;
const create = (name: string) =>
  send(emulator, 'PUT', group(name), { body: { location: 'westus2', tags: { filler: 'x'.repeat(200) } } });

/** Creates groups until one is refused; returns those that were accepted, and the refusal. */
async function fillDisk(): Promise<{ accepted: string[]; refusal: Awaited<ReturnType<typeof create>> }> {
  const accepted: string[] = [];
  for (;;) {
    const name = `group-${accepted.length}`;
    const refusal = await create(name);
    if (refusal.status !== 201) return { accepted, refusal };
    accepted.push(name);
  }
}

// Linux only: `prlimit` lifts the limit of a running process.
test.skipIf(process.platform !== 'linux')(
  'while the disk is full, requests and health are answered 503; afterwards work continues',
  async () => {
    expect((await send(emulator, 'GET', '/_emulator/health')).body.status).toBe('ok');
    const { accepted, refusal } = await fillDisk();
    expect(accepted.length).toBeGreaterThan(5);
    expect(refusal.status).toBe(503);
    expect(refusal.headers['retry-after']).toBe('5');
    expect(refusal.body).toEqual({
      error: { code: 'ServiceUnavailable', message: expect.stringMatching(/Cannot write .*emulator\.jsonl: EFBIG/) },
    });
    for (const path of ['/_emulator/health', `/metadata/endpoints${version}`, group('group-0')])
      expect((await send(emulator, 'GET', path)).status).toBe(503);
    expect(log).toMatch(/Cannot write .* Requests are answered 503 until it can be written\./);

    execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited:']);
    expect((await send(emulator, 'GET', '/_emulator/health')).body.status).toBe('ok');
    expect((await send(emulator, 'GET', group(`group-${accepted.length}`))).status).toBe(404);
    expect((await create('afterwards')).status).toBe(201);
    for (const name of [...accepted, 'afterwards']) expect((await send(emulator, 'GET', group(name))).status).toBe(200);
  },
);

test('an emulator that was killed on a full disk starts with everything that it answered', async () => {
  const { accepted } = await fillDisk();
  child.kill('SIGKILL');
  await once(child, 'exit');
  const arm = await Arm.start({ dataDir: directory });
  const listed = await arm.send('GET', `${arm.subscription}/resourceGroups`);
  expect(listed.body.value.map(({ name }: { name: string }) => name).toSorted()).toEqual(accepted.toSorted());
  await arm.emulator.close();
});
