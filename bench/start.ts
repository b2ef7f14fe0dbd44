import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { nextFreePort } from '../src/main/ports.ts';
import { imageContents } from './imageContents.ts';
import type { Part, PartContext, PartResult, Row } from './part.ts';
import { withStack } from './stack.ts';
import { median } from './statistics.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** The Temporal CLI is built in about three minutes on two cores. */
const limitMs = 30 * 60_000;

interface Start {
  directory: string;
  env: Record<string, string | undefined>;
  args?: string[];
  /** the line that ends the measurement */
  until: RegExp;
}

/** Starts `npm start` and returns the seconds until it printed the line. Throws when it ends or fails before. */
async function secondsUntil({ signal }: PartContext, { directory, env, args = [], until }: Start): Promise<number> {
  const startedAt = performance.now();
  const child = spawn('npm', ['start', '--', ...args], {
    cwd: directory,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const exited = once(child, 'exit');
  const stopped = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  const stop = (): void => void (child.exitCode ?? child.signalCode ?? process.kill(-child.pid!, 'SIGTERM'));
  stopped.addEventListener('abort', stop);
  const lines: string[] = [];
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (until.test(line)) return (performance.now() - startedAt) / 1000;
    }
    throw new Error(`npm start ended:\n${lines.slice(-20).join('\n')}`);
  } finally {
    stopped.removeEventListener('abort', stop);
    stop();
    child.stdout.resume();
    await exited;
  }
}

async function environment(
  dataDir: string,
  more: Record<string, string> = {},
): Promise<Record<string, string | undefined>> {
  const [port, emulatorPort] = [await nextFreePort(34_000), await nextFreePort(35_000)];
  const ours = { MOAT_DATA_DIR: dataDir, MOAT_PORT: String(port), MOAT_EMULATOR_PORT: String(emulatorPort), ...more };
  return { ...process.env, TEMPORAL_ADDRESS: undefined, NODE_COMPILE_CACHE: undefined, ...ours };
}

const hasTemporal = (folder: string): boolean => !spawnSync(join(folder, 'temporal'), ['--version']).error;

/** Variables of a user who has Go, but neither the Temporal CLI nor any Go module. Settings of Go and npm, and npm's cache, stay. */
function withoutTemporal(directory: string): Record<string, string> {
  const folders = process.env['PATH']!.split(':').filter((folder) => !hasTemporal(folder));
  return {
    GOENV: spawnSync('go', ['env', 'GOENV'], { encoding: 'utf8' }).stdout.trim(),
    GOPATH: join(directory, 'go'),
    GOBIN: '',
    GOCACHE: join(directory, 'go-cache'),
    GOMODCACHE: join(directory, 'go-modules'),
    // modules are read-only otherwise and could not be removed
    GOFLAGS: '-modcacherw',
    npm_config_cache: process.env['npm_config_cache'] ?? join(homedir(), '.npm'),
    npm_config_userconfig: process.env['npm_config_userconfig'] ?? join(homedir(), '.npmrc'),
    HOME: directory,
    TMPDIR: directory,
    PATH: folders.join(':'),
  };
}

/** From an empty directory to an endpoint that has scored: clone, npm ci, start, sample environment. */
async function cloneToScored(context: PartContext, temporalAtHand: boolean): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'moat-clone-'));
  context.log(`clone to the first scored endpoint, Temporal ${temporalAtHand ? 'at hand' : 'is built'}`);
  try {
    const startedAt = performance.now();
    const { status } = spawnSync('git', ['clone', '--quiet', '--no-hardlinks', root, join(directory, 'moat')]);
    if (status !== 0) throw new Error('git clone failed');
    const cloned = (performance.now() - startedAt) / 1000;
    const env = await environment(join(directory, 'data'), temporalAtHand ? {} : withoutTemporal(directory));
    // The sample is shown until it has scored, then the commands to continue with.
    return cloned + (await secondsUntil(context, { directory: join(directory, 'moat'), env, until: /^Next:/ }));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** `npm start` without a sample, in a data directory that is used again. The first start is not counted. */
async function warmStart(context: PartContext, times: number): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'moat-start-'));
  const seconds: number[] = [];
  try {
    for (let n = 0; n <= times; n++) {
      const env = await environment(directory);
      seconds.push(
        await secondsUntil(context, { directory: root, env, args: ['--no-sample'], until: /Serving until/ }),
      );
      context.log(`start ${n + 1} of ${times + 1}: ${seconds.at(-1)!.toFixed(1)} s`);
    }
    return median(seconds.slice(1));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A worker beside a running installation, until it polls. */
async function workerStart(context: PartContext, times: number): Promise<number> {
  return withStack(context, { timeScale: '1/60' }, async ({ installation }) => {
    const seconds: number[] = [];
    for (let n = 0; n < times; n++) {
      const startedAt = performance.now();
      await installation.kill('worker');
      await installation.restart(['worker'], context.signal);
      seconds.push((performance.now() - startedAt) / 1000);
    }
    return median(seconds);
  });
}

async function run(context: PartContext): Promise<PartResult> {
  const worker = await workerStart(context, 5);
  const warm = await warmStart(context, 3);
  const image = imageContents(context);
  const withTemporal = await cloneToScored(context, true);
  const withoutTemporal = await cloneToScored(context, false);
  const rows: Row[] = [
    { measure: 'worker start until it polls', value: worker, unit: 's', goal: { atMost: 3 }, note: 'median of 5' },
    { measure: 'warm npm start until ready', value: warm, unit: 's', note: 'median of 3' },
    {
      measure: 'clone to first scored endpoint, Temporal at hand',
      value: withTemporal,
      unit: 's',
      note: 'with npm ci',
    },
    {
      measure: 'clone to first scored endpoint, Temporal built',
      value: withoutTemporal,
      unit: 's',
      note: 'with npm ci and go install',
    },
    ...image,
  ];
  return { rows };
}

export const start: Part = {
  name: 'start',
  title: 'Start: from a clone to a scored endpoint',
  about:
    'Time until Moat serves. A clone needs npm packages from the registry, whose speed is part of the figure; npm’s own cache is as it was. *Temporal built* has Go, but no Temporal CLI and no Go modules. ' +
    'The image is not built, because that needs Docker: its files are added up without the base image `node:24-slim`, uncompressed.',
  inShort: false,
  run,
};
