import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../config.ts';
import { spawnDevServer } from '../temporal/devServer.ts';
import { supervise } from './supervise.ts';
import type { Supervised } from './supervise.ts';
import { temporalDatabase } from './temporalDatabase.ts';
import type { TemporalPorts } from './temporalPorts.ts';

export interface ProcessesOptions {
  config: Config;
  /** the development server to start; undefined: a configured Temporal server is used */
  temporal: (TemporalPorts & { executable: string }) | undefined;
  /** the API's address */
  api: string;
  log: (line: string) => void;
  /** called when a process has failed in a way that a restart cannot resolve */
  onUnrecoverable: (message: string) => void;
}

/** Directory of the processes' log files. */
export const logDirectory = (config: Config): string => join(config.dataDir, 'logs');

/**
 * The API's memory stays below 200 MB: without a limit, Node.js lets garbage from lists of Temporal grow to twice that. As in Dockerfile and docker-compose.yml.
 * The emulator and the worker leave much short-lived garbage. With a larger space for it, and a heap of the emulator that is first collected when it is larger,
 * a run took 0.43 to 0.50 s of the emulator's processor time instead of 0.59 s, and 0.79 s of the worker's instead of 0.84 s (forty runs at once on two cores).
 */
export const nodeOptions: Record<string, readonly string[]> = {
  api: ['--max-semi-space-size=4', '--max-old-space-size=512'],
  emulator: ['--min-semi-space-size=16', '--max-semi-space-size=32', '--initial-heap-size=192'],
  worker: ['--min-semi-space-size=32', '--max-semi-space-size=32'],
};

/** Starts an entry point in its own process group, so that Ctrl-C reaches `npm start` only, which stops the processes in order. */
function spawnEntryPoint(name: string, args: readonly string[], log: number): ChildProcess {
  const entry = fileURLToPath(new URL(`../${name}.ts`, import.meta.url));
  return spawn(process.execPath, [...(nodeOptions[name] ?? []), entry, ...args], {
    stdio: ['ignore', log, log, 'ipc'],
    detached: true,
  });
}

/** Starts Temporal, the emulator, the worker and the API; each one waits for what it needs. Returns them in the order in which to stop them. */
export function startProcesses({ config, temporal, api, log, onUnrecoverable }: ProcessesOptions): Supervised[] {
  mkdirSync(logDirectory(config), { recursive: true });
  const openLog = (name: string): number => openSync(join(logDirectory(config), `${name}.log`), 'w');
  const args = temporal && [
    `--temporal-address=127.0.0.1:${temporal.port}`,
    `--temporal-ui=${config.temporalUi ?? `http://127.0.0.1:${temporal.uiPort}`}`,
  ];
  const moatProcess = (name: string, options: readonly string[] = args ?? []): Supervised => {
    const output = openLog(name);
    return supervise({ name, start: () => spawnEntryPoint(name, options, output), log, onUnrecoverable });
  };
  const temporalServer = (server: NonNullable<typeof temporal>): Supervised => {
    const output = openLog('temporal');
    const file = temporalDatabase(config.dataDir);
    const start = (): ChildProcess => spawnDevServer({ ...server, codecEndpoint: `${api}/codec`, file, log: output });
    return supervise({ name: 'Temporal', start, log, onUnrecoverable });
  };
  return [
    ...(temporal ? [temporalServer(temporal)] : []),
    ...(config.target.kind === 'emulator' ? [moatProcess('emulator', [])] : []),
    moatProcess('worker'),
    moatProcess('api'),
  ].toReversed();
}

/** Stops the API and the worker first, then the emulator and Temporal. The limits exceed those of their shutdown phases. */
export async function stopProcesses(processes: readonly Supervised[]): Promise<void> {
  const [api, worker, ...others] = processes;
  await Promise.all([api?.stop(16_000), worker?.stop(26_000)]);
  for (const process of others) await process.stop(10_000);
}
