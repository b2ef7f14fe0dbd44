import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownNamespace } from './namespace.ts';
import { until } from './until.ts';

type ProcessName = 'emulator' | 'worker' | 'api';
const processNames: readonly ProcessName[] = ['emulator', 'worker', 'api'];

/** A port of loopback that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts Moat on the emulator. API, worker and emulator are separate processes that can be killed and restarted. */
export async function startMoat(temporalAddress: string, title: string, settings: Record<string, string> = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), `moat-${title}-`));
  const namespace = await ownNamespace(temporalAddress, title);
  const port = Number(settings['MOAT_PORT'] ?? (await freePort()));
  const emulatorPort = await freePort();
  const env = {
    ...process.env,
    MOAT_DATA_DIR: dataDir,
    MOAT_PORT: String(port),
    MOAT_EMULATOR_PORT: String(emulatorPort),
    MOAT_EMULATOR_TIME_SCALE: '1/2000',
    TEMPORAL_ADDRESS: temporalAddress,
    TEMPORAL_NAMESPACE: namespace,
    ...settings,
  };
  const running = new Map<ProcessName, ChildProcess>();
  const output: string[] = [];

  function start(name: ProcessName, changed: Record<string, string> = {}): void {
    const child = spawn(process.execPath, [join('src/main', `${name}.ts`)], {
      env: { ...env, ...changed },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (chunk: Buffer) => output.push(`${name}: ${chunk.toString()}`));
    running.set(name, child);
  }

  async function stop(name: ProcessName, signal: NodeJS.Signals): Promise<void> {
    const child = running.get(name);
    running.delete(name);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  const url = `http://127.0.0.1:${port}`;
  const ready = () =>
    until('the API is ready', async () => (await fetch(`${url}/readyz`)).ok, 90_000).catch((error: unknown) => {
      throw new Error(output.join(''), { cause: error });
    });
  for (const name of processNames) start(name);
  await ready();

  return {
    url,
    emulatorUrl: `https://localhost:${emulatorPort}`,
    dataDir,
    namespace,
    output,
    ready,
    start,
    kill: (name: ProcessName) => stop(name, 'SIGKILL'),
    async close(): Promise<void> {
      await Promise.all(['api', 'worker'].map((name) => stop(name as ProcessName, 'SIGKILL')));
      await stop('emulator', 'SIGKILL');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export type Moat = Awaited<ReturnType<typeof startMoat>>;
