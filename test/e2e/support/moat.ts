import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownNamespace } from './namespace.ts';

export type Part = 'emulator' | 'worker' | 'api';
const allParts: readonly Part[] = ['emulator', 'worker', 'api'];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Looks again until `look` gives something; what it throws meanwhile is no failure yet. */
export async function until<T>(what: string, look: () => Promise<T | undefined | false>, limitMs = 60_000): Promise<T> {
  let last: unknown;
  for (const end = Date.now() + limitMs; Date.now() < end;) {
    try {
      const seen = await look();
      if (seen) return seen;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not within ${limitMs} ms: ${what}`, { cause: last });
}

/** The parts of Moat as processes of their own, as in production; each can be killed and started again. */
export async function startMoat(temporalAddress: string, name: string, settings: Record<string, string> = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), `moat-${name}-`));
  const namespace = await ownNamespace(temporalAddress, name);
  const [port, emulatorPort] = [await freePort(), await freePort()];
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
  const running = new Map<Part, ChildProcess>();
  const said: string[] = [];

  function start(part: Part): void {
    const child = spawn(process.execPath, [join('src/main', `${part}.ts`)], {
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (chunk: Buffer) => said.push(`${part}: ${chunk.toString()}`));
    running.set(part, child);
  }

  async function stop(part: Part, signal: NodeJS.Signals): Promise<void> {
    const child = running.get(part);
    running.delete(part);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  const url = `http://127.0.0.1:${port}`;
  const ready = () =>
    until('the API is ready', async () => (await fetch(`${url}/readyz`)).ok, 90_000).catch((error: unknown) => {
      throw new Error(said.join(''), { cause: error });
    });
  for (const part of allParts) start(part);
  await ready();

  return {
    url,
    emulatorUrl: `https://localhost:${emulatorPort}`,
    dataDir,
    namespace,
    said,
    ready,
    start,
    kill: (part: Part) => stop(part, 'SIGKILL'),
    async close(): Promise<void> {
      await Promise.all(['api', 'worker'].map((part) => stop(part as Part, 'SIGKILL')));
      await stop('emulator', 'SIGKILL');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export type Moat = Awaited<ReturnType<typeof startMoat>>;
