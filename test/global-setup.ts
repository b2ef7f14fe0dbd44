import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { nextFreePort } from '../src/main/ports.ts';
import { spawnDevServer, temporalAnswers } from '../src/main/temporal/devServer.ts';
import { temporalExecutable } from '../src/main/temporal/executable.ts';
import { waitFor } from '../src/main/wait.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** the one Temporal development server of the test run */
    temporal: { address: string; databaseFile: string };
  }
}

/** One Temporal server for the whole run, found as `npm start` finds it. Test files keep apart by their task queues and workflow ids. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // The black-box suite tests a running Moat, which has its own Temporal server.
  if (process.env['MOAT_TEST_URL'] !== undefined) {
    project.provide('temporal', { address: '', databaseFile: '' });
    return () => Promise.resolve();
  }
  const directory = await mkdtemp(join(tmpdir(), 'moat-test-temporal-'));
  const executable = await temporalExecutable((line) => console.log(line));
  // A random start keeps runs that begin at the same moment apart.
  const port = await nextFreePort(20_000 + Math.floor(Math.random() * 10_000));
  const address = `127.0.0.1:${port}`;
  const databaseFile = join(directory, 'temporal.db');
  const server = spawnDevServer({ executable, port, file: databaseFile });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  await waitFor({ what: `Temporal at ${address}`, limit: 30_000 }, async () => {
    if (server.exitCode !== null) throw new Error('the Temporal development server ended');
    return (await temporalAnswers({ address }, 1_000)) || undefined;
  });
  project.provide('temporal', { address, databaseFile });
  return async () => {
    server.kill();
    await ended;
    await rm(directory, { recursive: true, force: true });
  };
}
