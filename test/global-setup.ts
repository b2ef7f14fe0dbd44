import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startTemporalServer } from './workflows/temporalServer.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** the Temporal development server that all test files share */
    temporal: { address: string; databaseFile: string };
  }
}

/** Starts one Temporal server for the whole test run. Test files are isolated by namespaces, task queues and workflow ids. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // The black-box suite tests a running Moat, which has its own Temporal server.
  if (process.env['MOAT_TEST_URL'] !== undefined) {
    project.provide('temporal', { address: '', databaseFile: '' });
    return () => Promise.resolve();
  }
  const directory = await mkdtemp(join(tmpdir(), 'moat-test-temporal-'));
  const databaseFile = join(directory, 'temporal.db');
  const { address, stop } = await startTemporalServer({ databaseFile });
  project.provide('temporal', { address, databaseFile });
  return async () => {
    await stop();
    await rm(directory, { recursive: true, force: true });
  };
}
