import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface RunningEmulator {
  /** the variables that clients need */
  environment: Record<string, string>;
  /** Sets `az` up, which is found on `path`. Throws an Error when that fails. */
  signIn: (path: string) => void;
  stop: () => void;
}

const entry = fileURLToPath(new URL('../src/main/emulator.ts', import.meta.url));

/** Starts `npm run emulator` with a data directory of its own. Environment and sign-in come from the commands that users have. */
export async function startEmulator(dataDir: string): Promise<RunningEmulator> {
  const settings = {
    MOAT_DATA_DIR: dataDir,
    MOAT_EMULATOR_PORT: String(await freePort()),
    MOAT_EMULATOR_TIME_SCALE: '1/2000',
  };
  const env = { ...process.env, ...settings };
  const child = spawn(process.execPath, [entry], { env, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  for await (const line of createInterface({ input: child.stdout! })) if (line.includes('started')) break;
  child.stdout!.resume();
  return {
    environment: { ...settings, ...clientVariables(env) },
    signIn: (path) => signIn(env, path),
    stop: () => child.kill(),
  };
}

/** The variables that clients of a running emulator need, from its own settings. */
export function clientVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  const { stdout } = spawnSync(process.execPath, [entry, '--env'], { env, encoding: 'utf8' });
  const variables = stdout.matchAll(/^export (\w+)='?(.*?)'?$/gm);
  return Object.fromEntries([...variables].map(([, name, value]) => [name!, value!]));
}

/** Sets `az` up, which is found on `path`, for a running emulator. Throws an Error when that fails. */
export function signIn(env: NodeJS.ProcessEnv, path: string): void {
  const args = [entry, 'az', 'account', 'show'];
  const { status, stderr } = spawnSync(process.execPath, args, { env: { ...env, PATH: path }, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
