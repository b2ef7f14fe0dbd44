import { defineConfig } from 'vitest/config';

/** Tests of these folders speak to a Temporal server, which is started once for them all. */
const onTemporal = [
  'workflows',
  'cases/temporal',
  'temporal',
  'replay',
  'main',
  'e2e',
  'chaos',
  'console',
  'cli/moat',
].map((folder) => `test/${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    // Temporal's native runtime is one per process, and crashes in worker threads.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // On a busy machine a test may fail that passes when it is repeated: `.ci/run` lists those.
    retry: process.env['CI'] ? 1 : 0,
    projects: [
      { extends: true, test: { name: 'parts', include: ['test/**/*.test.ts'], exclude: onTemporal } },
      { extends: true, test: { name: 'temporal', include: onTemporal, globalSetup: ['test/global-setup.ts'] } },
    ],
  },
});
