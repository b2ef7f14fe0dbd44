import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createEmulatorControl } from '../../e2e/support/control.ts';
import { startMoat } from '../../e2e/support/moat.ts';
import type { Moat } from '../../e2e/support/moat.ts';
import { until } from '../../e2e/support/until.ts';
import { cliEnvironment, mainFile, root, runMoat } from '../support/runMoat.ts';

let moat: Moat;
beforeAll(async () => {
  moat = await startMoat(inject('temporal').address, 'cli-terminal');
}, 120_000);
afterAll(() => moat?.close());

/** Runs `moat` on a terminal of its own. */
function onTerminal(args: readonly string[]) {
  const command = `stty cols 100 rows 40; exec '${process.execPath}' '${mainFile}' ${args.join(' ')}`;
  const env = cliEnvironment({ MOAT_URL: moat.url, TERM: 'xterm' });
  const child: ChildProcess = spawn('script', ['-qefc', command, '/dev/null'], { env, cwd: root });
  let screen = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (screen += text));
  const closed = once(child, 'close');
  return {
    screen: () => screen,
    type: (text: string) => child.stdin!.write(text),
    shows: (text: string | RegExp) =>
      until(`the terminal shows ${text}`, async () =>
        typeof text === 'string' ? screen.includes(text) : text.test(screen),
      ).catch((error: unknown) => {
        throw new Error(screen, { cause: error });
      }),
    exitCode: async () => ((await closed) as [number])[0],
  };
}

/** Lets the virtual network of the next run never end, until the returned function is called. */
async function holdNetwork(): Promise<() => Promise<unknown>> {
  const control = createEmulatorControl(moat);
  const match = { method: 'PUT', type: 'Microsoft.Network/virtualNetworks' };
  await control('POST', 'faults', { match, times: 1, effect: { hangOperation: true } });
  return () => control('DELETE', 'faults');
}

const held = /network .*virtualNetworks\/vnet-/;

it('a run is a table that is redrawn; Ctrl-C detaches, and moat watch follows it again', async () => {
  const release = await holdNetwork();
  const up = onTerminal(['up', 'churn1', '--location', 'westus2']);
  await up.shows(held);
  expect(up.screen()).toContain('\u001B[10A'); // the table is drawn over itself
  up.type('\u0003');
  expect(await up.exitCode()).toBe(130);
  expect(up.screen()).toContain('Detached: what is in progress continues. Follow it with: moat watch churn1');

  const watch = onTerminal(['watch', 'churn1']);
  await watch.shows(held);
  await release();
  expect(await watch.exitCode()).toBe(0);
  expect(watch.screen()).toMatch(/Isolation: (\d+) of \1 checks passed/);
}, 120_000);

it('a run is followed across a restart of the API', async () => {
  const release = await holdNetwork();
  const following = runMoat(['up', 'churn2', '--location', 'westus2'], { env: { MOAT_URL: moat.url } });
  await until('the run waits', async () => {
    const { stdout } = await runMoat(['show', 'churn2'], { env: { MOAT_URL: moat.url } });
    return held.test(stdout);
  });
  await moat.kill('api');
  moat.start('api');
  await moat.ready();
  await release();
  const { code, stdout, stderr } = await following;
  expect(code).toBe(0);
  expect(stderr).toMatch(/^Connection lost: .* Reconnecting\.\n$/);
  expect(stdout).toMatch(/Isolation: (\d+) of \1 checks passed/);
}, 120_000);

it('a teardown asks for the name', async () => {
  const rm = onTerminal(['rm', 'churn1']);
  await rm.shows('Type its name to confirm:');
  rm.type('churn2\r');
  expect(await rm.exitCode()).toBe(2);
  const confirmed = onTerminal(['rm', 'churn1']);
  await confirmed.shows('Type its name to confirm:');
  confirmed.type('churn1\r');
  expect(await confirmed.exitCode()).toBe(0);
  expect(confirmed.screen()).toContain('churn1 is deleted.');
}, 120_000);
