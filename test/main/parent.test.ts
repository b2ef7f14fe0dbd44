import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInstallation } from './support/moatProcesses.ts';
import type { Installation } from './support/moatProcesses.ts';

let moat: Installation;

beforeEach(async () => {
  moat = await createInstallation();
});
afterEach(() => moat.close());

describe.runIf(process.platform === 'linux')('a process that loses its parent', () => {
  it.each([
    ['npm', /^npm start/, 'SIGKILL'],
    ['npm', /^npm start/, 'SIGTERM'],
    ['the wrapper', /^node scripts\/run\.mjs/, 'SIGKILL'],
    ['the wrapper', /^node scripts\/run\.mjs/, 'SIGTERM'],
    ['npm start itself', /\/node .*src\/main\/dev\.ts/, 'SIGKILL'],
    ['npm start itself', /\/node .*src\/main\/dev\.ts/, 'SIGTERM'],
  ] as const)(
    'ends, with all others: %s, %s, %s',
    async (_, pattern, signal) => {
      const npm = moat.run('npm', ['start', '--', '--no-sample']);
      await npm.prints('Serving until Ctrl-C.');
      process.kill(await moat.pidOf(pattern), signal);
      await moat.allEnded();
    },
    120_000,
  );

  it('npm run passes SIGTERM on, and waits until the emulator has shut down', async () => {
    const npm = moat.run('npm', ['run', 'emulator']);
    await npm.prints('emulator: started');
    npm.child.kill('SIGTERM');
    await npm.exitCode();
    expect(npm.output()).toContain('SIGTERM: shutting down within 5 s (closeServer)');
    expect(await moat.processes()).toEqual(new Map());
  }, 60_000);
});
