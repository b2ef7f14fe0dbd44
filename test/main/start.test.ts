import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { nextFreePort } from '../../src/main/ports.ts';
import { waitFor } from '../../src/main/wait.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const running = new Set<ChildProcess>();
let directory: string;
let api: string;
let settings: Record<string, string>;

interface Started {
  child: ChildProcess;
  output: () => string;
  says: (text: string) => Promise<void>;
  stop: () => Promise<number | null>;
}

/** What `npm start` runs, with settings of its own and no Temporal but the one that it starts. */
function start(...args: string[]): Started {
  const { TEMPORAL_ADDRESS: _, ...inherited } = process.env;
  const child = spawn('node', [join(root, 'scripts/run.mjs'), 'src/main/dev.ts', ...args], {
    env: { ...inherited, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += String(chunk)));
  const exited = once(child, 'exit') as Promise<[number | null]>;
  return {
    child,
    output: () => text,
    says: async (wanted) => {
      const seen = async (): Promise<true | undefined> => text.includes(wanted) || undefined;
      await waitFor({ what: `"${wanted}"`, limit: 60_000 }, seen).catch((error: unknown) => {
        throw new Error(text, { cause: error });
      });
    },
    stop: async () => {
      child.kill('SIGINT');
      return (await exited)[0];
    },
  };
}

/** The process of a part, known by the data directory that it shares with no other; undefined when there is none. */
async function pidOf(entry: string): Promise<number | undefined> {
  for (const pid of await readdir('/proc')) {
    const read = (file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    if ((await read('cmdline')).includes(entry) && (await read('environ')).includes(directory)) return Number(pid);
  }
  return undefined;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moat-test-start-'));
  const port = await nextFreePort(30_000 + Math.floor(Math.random() * 10_000));
  api = `http://127.0.0.1:${port}`;
  settings = {
    MOAT_DATA_DIR: directory,
    MOAT_PORT: String(port),
    MOAT_EMULATOR_PORT: String(await nextFreePort(port + 1)),
    MOAT_EMULATOR_TIME_SCALE: '1/1000',
    NO_COLOR: '1',
  };
});

const alive = async (): Promise<true | undefined> => (await fetch(`${api}/healthz`)).ok || undefined;

afterEach(async () => {
  for (const child of running) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
});

afterAll(() => rm(directory, { recursive: true, force: true }));

it('shows the steps of the sample and its answer, and goes on with it when it is started again', async () => {
  const first = start();
  await first.says('Serving until Ctrl-C.');
  for (const step of ['preflight', 'network', 'workspace', 'jumpbox', 'image', 'endpoint', 'verify', 'score'])
    expect(first.output()).toMatch(new RegExp(`${step} +succeeded`));
  expect(first.output()).toMatch(/\[11055\.977\d*,4503\.079\d*\]/);
  expect(await first.stop()).toBe(0);
  expect(first.output()).toContain('npm start goes on where it was');
  await expect(fetch(api)).rejects.toThrow();

  const second = start();
  await second.says('Serving until Ctrl-C.');
  expect(second.output()).toContain('The sample environment is ready since its last run.');
  expect(second.output()).toMatch(/\[11055\.977\d*,4503\.079\d*\]/);
  expect(await second.stop()).toBe(0);
}, 120_000);

it.runIf(process.platform === 'linux')(
  'starts a part again that was killed, and leaves nothing behind when it is killed itself',
  async () => {
    const moat = start('--no-sample');
    await moat.says('Serving until Ctrl-C.');
    process.kill((await pidOf('src/main/api.ts'))!, 'SIGKILL');
    await moat.says('api ended (SIGKILL); starting it again');
    await waitFor({ what: 'the API', limit: 30_000 }, alive);

    process.kill((await pidOf('/src/main/dev.ts'))!, 'SIGKILL');
    for (const part of ['src/main/api.ts', 'src/main/worker.ts', 'src/main/emulator.ts', 'start-dev']) {
      const gone = async (): Promise<true | undefined> => ((await pidOf(part)) === undefined ? true : undefined);
      await waitFor({ what: `the end of ${part}`, limit: 30_000 }, gone);
    }
    const again = start('--no-sample');
    await again.says('Serving until Ctrl-C.');
    expect(await again.stop()).toBe(0);
  },
  120_000,
);

it('says what to do when another Moat has its port', async () => {
  const first = start('--no-sample');
  await first.says('Serving until Ctrl-C.');
  const second = start('--no-sample');
  await second.says('is another Moat running?');
  expect(second.output()).toContain('MOAT_PORT');
  expect(await first.stop()).toBe(0);
}, 120_000);

it('tells how to use it', async () => {
  const help = start('--help');
  await help.says('--no-sample');
});
