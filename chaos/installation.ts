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
import type { DataConverter } from '@temporalio/common';
import { loadConfig } from '../src/config.ts';
import { nodeOptions } from '../src/main/dev/processes.ts';
import { nextFreePort } from '../src/main/ports.ts';
import { spawnDevServer, temporalAnswers } from '../src/main/temporal/devServer.ts';
import { temporalExecutable } from '../src/main/temporal/executable.ts';
import { waitFor } from '../src/main/wait.ts';
import { createDataConverter } from '../src/temporal/dataConverter.ts';
import { processNames } from './plan.ts';
import type { ProcessName } from './plan.ts';

export interface InstallationOptions {
  /** emulator time scale, a fraction such as `1/2000` */
  timeScale: string;
  workers: 1 | 2;
  /** further settings of the processes */
  settings?: Readonly<Record<string, string>>;
  log: (line: string) => void;
}

/** The subscription of all environments. */
export const subscriptionId = '00000000-0000-4000-8000-0000c4a05c4a';

/** The log line of a process that has started. */
const startedLine = /"process":"(worker|api|emulator)","msg":"started/;

const entryPoint = (name: string): string => fileURLToPath(new URL(`../src/main/${name}.ts`, import.meta.url));

/** Starts Moat with its own Temporal server. Each process can be killed and restarted. */
export async function startInstallation({ timeScale, workers, settings, log }: InstallationOptions) {
  const dataDir = mkdtempSync(join(tmpdir(), 'moat-chaos-'));
  const logs = join(dataDir, 'logs');
  mkdirSync(logs);
  const executable = await temporalExecutable(log);
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
    ...settings,
  };
  const logFiles = Object.fromEntries(processNames.map((name) => [name, openSync(join(logs, `${name}.log`), 'a')]));
  const running = new Map<ProcessName, ChildProcess>();
  const unexpectedExits: { process: ProcessName; code: number | null }[] = [];
  let closing = false;

  function launch(name: ProcessName): ChildProcess {
    if (name === 'temporal')
      return spawnDevServer({ executable, port, file: join(dataDir, 'temporal.db'), log: logFiles[name]! });
    const stdio = ['ignore', logFiles[name]!, logFiles[name]!, 'ipc'] as const;
    const entry = entryPoint(name.replace(/\d$/, ''));
    return spawn(process.execPath, [...(nodeOptions[name] ?? []), entry], { env, stdio: [...stdio], detached: true });
  }

  /** Starts a process. Like a service manager, restarts it after an unexpected exit, which is recorded. */
  function start(name: ProcessName): void {
    const child = launch(name);
    running.set(name, child);
    child.once('exit', (code) => {
      if (running.get(name) !== child || closing) return;
      unexpectedExits.push({ process: name, code });
      log(`${name} exited unexpectedly with code ${code}`);
      setTimeout(() => running.get(name) === child && !closing && start(name), 500);
    });
  }

  async function stop(name: ProcessName, signal: NodeJS.Signals): Promise<void> {
    const child = running.get(name);
    running.delete(name);
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    // The whole process group: the Temporal server is the child of a shell.
    process.kill(-child.pid, signal);
    await exited;
  }

  const untilTemporalAnswers = () =>
    waitFor({ what: `Temporal at ${address}`, limit: 60_000 }, async () =>
      (await temporalAnswers({ address }, 1000)) ? true : undefined,
    );

  const processes = processNames.filter((name) => name !== 'worker2' || workers === 2);
  start('temporal');
  await untilTemporalAnswers();
  for (const name of processes.filter((name) => name !== 'temporal')) start(name);

  return {
    dataDir,
    logs,
    address,
    url: `http://127.0.0.1:${apiPort}`,
    emulatorUrl: `https://localhost:${emulatorPort}`,
    caFile: join(dataDir, 'emulator-ca.pem'),
    processes,
    /** processes that exited without being killed */
    unexpectedExits,
    /** Restarts processes and waits until they have started, so that runs advance between two kills. */
    async restart(names: readonly ProcessName[], signal: AbortSignal): Promise<void> {
      const files = names.map((name) => ({ name, file: join(logs, `${name}.log`) }));
      const offsets = files.map(({ name, file }) => ({ name, file, offset: statSync(file).size }));
      for (const name of names) start(name);
      if (names.includes('temporal')) await untilTemporalAnswers();
      for (const { name, file, offset } of offsets) {
        const hasStarted = async () =>
          name === 'temporal' || startedLine.test(await text(createReadStream(file, { start: offset })));
        while (!signal.aborted && !(await hasStarted())) await sleep(100);
      }
    },
    /** Process id, and id of its process group; undefined while it is stopped. */
    pid: (name: ProcessName): number | undefined => running.get(name)?.pid,
    /** the environment variables of the processes */
    env,
    /** reads and writes what its processes encrypt */
    dataConverter: (): DataConverter => createDataConverter(loadConfig(env).encryptionKeys),
    kill: (name: ProcessName): Promise<void> => stop(name, 'SIGKILL'),
    async close(keep: boolean): Promise<void> {
      closing = true;
      await Promise.all(processes.filter((name) => name !== 'temporal').map((name) => stop(name, 'SIGKILL')));
      await stop('temporal', 'SIGKILL');
      if (!keep) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export type Installation = Awaited<ReturnType<typeof startInstallation>>;
