import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdirSync, mkdtempSync, openSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { nextFreePort } from '../src/main/ports.ts';
import { spawnDevServer, temporalAnswers } from '../src/main/temporal/devServer.ts';
import { temporalExecutable } from '../src/main/temporal/executable.ts';
import { waitFor } from '../src/main/wait.ts';
import { parts } from './plan.ts';
import type { Part } from './plan.ts';

export interface InstallationOptions {
  /** a fraction, like `1/2000` */
  timeScale: string;
  workers: 1 | 2;
  tell: (line: string) => void;
}

/** The one that everything is made in. */
export const subscriptionId = '00000000-0000-4000-8000-0000c4a05c4a';

/** What a part logs as soon as it is at work. */
const atWork = /^(worker|api|emulator): started/m;

const entry = (part: string): string => fileURLToPath(new URL(`../src/main/${part}.ts`, import.meta.url));

/** Moat with a Temporal server of its own, every part a process that can be killed and started again. */
export async function install({ timeScale, workers, tell }: InstallationOptions) {
  const dataDir = mkdtempSync(join(tmpdir(), 'moat-chaos-'));
  const logs = join(dataDir, 'logs');
  mkdirSync(logs);
  const executable = await temporalExecutable(tell);
  const base = 30_000 + Math.floor(Math.random() * 20_000);
  const port = await nextFreePort(base);
  const emulatorPort = await nextFreePort(port + 1);
  const apiPort = await nextFreePort(emulatorPort + 1);
  const address = `127.0.0.1:${port}`;
  const env = {
    ...process.env,
    MOAT_DATA_DIR: dataDir,
    MOAT_PORT: String(apiPort),
    MOAT_EMULATOR_PORT: String(emulatorPort),
    MOAT_EMULATOR_TIME_SCALE: timeScale,
    AZURE_SUBSCRIPTION_ID: subscriptionId,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: 'default',
  };
  const log = Object.fromEntries(parts.map((part) => [part, openSync(join(logs, `${part}.log`), 'a')]));
  const running = new Map<Part, ChildProcess>();
  const ended: { part: Part; code: number | null }[] = [];
  let closing = false;

  function launch(part: Part): ChildProcess {
    if (part === 'temporal')
      return spawnDevServer({ executable, port, file: join(dataDir, 'temporal.db'), log: log[part]! });
    const stdio = ['ignore', log[part]!, log[part]!, 'ipc'] as const;
    return spawn(process.execPath, [entry(part.replace(/\d$/, ''))], { env, stdio: [...stdio], detached: true });
  }

  /** Starts a part; one that ends by itself is started again, as a service manager does, and remembered. */
  function start(part: Part): void {
    const child = launch(part);
    running.set(part, child);
    child.once('exit', (code) => {
      if (running.get(part) !== child || closing) return;
      ended.push({ part, code });
      tell(`${part} ended by itself with code ${code}`);
      setTimeout(() => running.get(part) === child && !closing && start(part), 500);
    });
  }

  async function stop(part: Part, signal: NodeJS.Signals): Promise<void> {
    const child = running.get(part);
    running.delete(part);
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    // A process group of its own: the Temporal server is the child of a shell.
    process.kill(-child.pid, signal);
    await gone;
  }

  const temporalUp = () =>
    waitFor({ what: `Temporal at ${address}`, limit: 60_000 }, async () =>
      (await temporalAnswers({ address }, 1000)) ? true : undefined,
    );

  const present = parts.filter((part) => part !== 'worker2' || workers === 2);
  start('temporal');
  await temporalUp();
  for (const part of present.filter((part) => part !== 'temporal')) start(part);

  return {
    dataDir,
    logs,
    address,
    url: `http://127.0.0.1:${apiPort}`,
    emulatorUrl: `https://localhost:${emulatorPort}`,
    caFile: join(dataDir, 'emulator-ca.pem'),
    present,
    /** parts that ended without being killed */
    ended,
    /** Starts parts again, and waits until they are at work, so that something gets done between two kills. */
    async startAgain(killed: readonly Part[], signal: AbortSignal): Promise<void> {
      const files = killed.map((part) => ({ part, file: join(logs, `${part}.log`) }));
      const began = files.map(({ part, file }) => ({ part, file, start: statSync(file).size }));
      for (const part of killed) start(part);
      if (killed.includes('temporal')) await temporalUp();
      for (const { part, file, start: from } of began) {
        const isBack = async () =>
          part === 'temporal' || atWork.test(await text(createReadStream(file, { start: from })));
        while (!signal.aborted && !(await isBack())) await sleep(100);
      }
    },
    kill: (part: Part): Promise<void> => stop(part, 'SIGKILL'),
    async close(keep: boolean): Promise<void> {
      closing = true;
      await Promise.all(present.filter((part) => part !== 'temporal').map((part) => stop(part, 'SIGKILL')));
      await stop('temporal', 'SIGKILL');
      if (!keep) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export type Installation = Awaited<ReturnType<typeof install>>;
