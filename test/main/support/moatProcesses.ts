import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nextFreePort, portIsFree } from '../../../src/main/ports.ts';
import { waitFor } from '../../../src/main/wait.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface Started {
  child: ChildProcess;
  /** with log lines as a terminal has them */
  output: () => string;
  /** as it was written */
  rawOutput: () => string;
  /** Waits until the output contains a text. */
  prints: (text: string) => Promise<void>;
  /** Waits for the end. Returns the exit code; null when a signal ended it. */
  exitCode: () => Promise<number | null>;
}

/** A log line as a terminal has it, `worker: started`; other lines as they are. */
function readable(line: string): string {
  if (!line.startsWith('{"level"')) return line;
  const { process, msg } = JSON.parse(line) as { process: string; msg: string };
  return `${process}: ${msg}`;
}

function observe(child: ChildProcess): Started {
  let text = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (chunk: Buffer) => {
      text += String(chunk);
    });
  // the last line may not be complete
  const output = (): string => {
    const lines = text.split('\n');
    return [...lines.slice(0, -1).map(readable), lines.at(-1)].join('\n');
  };
  const exited = once(child, 'close') as Promise<[number | null]>;
  return {
    child,
    output,
    rawOutput: () => text,
    prints: async (wanted) => {
      const seen = async (): Promise<true | undefined> => output().includes(wanted) || undefined;
      await waitFor({ what: `"${wanted}"`, limit: 60_000 }, seen).catch((error: unknown) => {
        throw new Error(output(), { cause: error });
      });
    },
    exitCode: async () => (await exited)[0],
  };
}

/** An installation with a data directory and ports of its own, whose processes a test starts as a user does. */
export async function createInstallation(extra: Record<string, string> = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'moat-test-main-'));
  // Below the range from which Linux takes ports of outgoing connections.
  const apiPort = await nextFreePort(10_000 + Math.floor(Math.random() * 10_000));
  const emulatorPort = await nextFreePort(apiPort + 1);
  const started: ChildProcess[] = [];
  const settings: Record<string, string> = {
    MOAT_DATA_DIR: directory,
    MOAT_PORT: String(apiPort),
    MOAT_EMULATOR_PORT: String(emulatorPort),
    MOAT_EMULATOR_TIME_SCALE: '1/1000',
    NO_COLOR: '1',
    ...extra,
  };

  function run(command: string, args: readonly string[], overrides: Record<string, string> = {}): Started {
    const { TEMPORAL_ADDRESS: _, ...inherited } = process.env;
    const env = { ...inherited, ...settings, ...overrides };
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    started.push(child);
    return observe(child);
  }

  /** Ids of the processes with the data directory in their environment, by their command line. */
  async function processes(): Promise<Map<number, string>> {
    const found = new Map<number, string>();
    for (const pid of await readdir('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      const read = (file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
      if ((await read('environ')).includes(directory))
        found.set(Number(pid), (await read('cmdline')).replaceAll('\0', ' '));
    }
    return found;
  }

  return {
    directory,
    api: `http://127.0.0.1:${apiPort}`,
    processes,
    run,
    /** What `npm start` runs. */
    start: (args: readonly string[], overrides: Record<string, string> = {}): Started =>
      run('node', ['scripts/run.mjs', 'src/main/dev.ts', ...args], overrides),
    /** The id of the process whose command line matches. */
    pidOf: async (pattern: RegExp): Promise<number> => {
      for (const [pid, command] of await processes()) if (pattern.test(command)) return pid;
      throw new Error(`no process matches ${pattern}`);
    },
    /** Waits until no process of this installation runs and its ports are free. */
    allEnded: async (): Promise<void> => {
      await waitFor({ what: 'the end of all processes', limit: 40_000 }, async () => {
        const left = await processes();
        if (left.size > 0) throw new Error([...left.values()].join('\n'));
        return ((await portIsFree(apiPort)) && (await portIsFree(emulatorPort))) || undefined;
      });
    },
    /** Kills what still runs, and deletes the data directory. */
    close: async (): Promise<void> => {
      for (const pid of (await processes()).keys()) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // it has ended meanwhile
        }
      }
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export type Installation = Awaited<ReturnType<typeof createInstallation>>;
