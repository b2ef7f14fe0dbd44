import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../config.ts';
import { spawnDevServer } from '../temporal/devServer.ts';
import { supervise } from './supervise.ts';
import type { Supervised } from './supervise.ts';
import type { TemporalPorts } from './temporalPorts.ts';

export interface PartsOptions {
  config: Config;
  /** ours to run; undefined: a Temporal server is there already */
  temporal: (TemporalPorts & { executable: string }) | undefined;
  /** the API's address */
  api: string;
  tell: (line: string) => void;
}

/** Where the parts write what they have to say. */
export const logDirectory = (config: Config): string => join(config.dataDir, 'logs');

/** Starts one of our parts in a process group of its own, so that Ctrl-C reaches this process alone, which stops them in order. */
function spawnPart(part: string, args: readonly string[], log: number): ChildProcess {
  const entry = fileURLToPath(new URL(`../${part}.ts`, import.meta.url));
  return spawn(process.execPath, [entry, ...args], { stdio: ['ignore', log, log, 'ipc'], detached: true });
}

/** Starts Temporal, emulator, worker and API side by side; each waits by itself for what it needs. In the order in which they are to be stopped. */
export function startParts({ config, temporal, api, tell }: PartsOptions): Supervised[] {
  mkdirSync(logDirectory(config), { recursive: true });
  const logOf = (part: string): number => openSync(join(logDirectory(config), `${part}.log`), 'w');
  const address = temporal && [
    `--temporal-address=127.0.0.1:${temporal.port}`,
    `--temporal-ui=${config.temporalUi ?? `http://127.0.0.1:${temporal.uiPort}`}`,
  ];
  const part = (name: string): Supervised => {
    const log = logOf(name);
    return supervise(name, () => spawnPart(name, address ?? [], log), tell);
  };
  const temporalServer = (server: NonNullable<typeof temporal>): Supervised => {
    const log = logOf('temporal');
    const file = join(config.dataDir, 'temporal.db');
    const codec = config.encryptionKeys.length > 0 ? { codecEndpoint: `${api}/codec` } : {};
    return supervise('Temporal', () => spawnDevServer({ ...server, ...codec, file, log }), tell);
  };
  return [
    ...(temporal ? [temporalServer(temporal)] : []),
    ...(config.target.kind === 'emulator' ? [part('emulator')] : []),
    part('worker'),
    part('api'),
  ].toReversed();
}

/** Stops the API and the worker first, then what they work with. */
export async function stopParts(parts: readonly Supervised[]): Promise<void> {
  const [api, worker, ...others] = parts;
  await Promise.all([api?.stop(10_000), worker?.stop(20_000)]);
  for (const part of others) await part.stop(10_000);
}
