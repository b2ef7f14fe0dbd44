import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createEmulatorControl } from '../../e2e/support/control.ts';
import { startMoat } from '../../e2e/support/moat.ts';
import type { Moat } from '../../e2e/support/moat.ts';
import { until } from '../../e2e/support/until.ts';
import { onTerminal } from '../support/onTerminal.ts';
import { runMoat } from '../support/runMoat.ts';

let moat: Moat;
beforeAll(async () => {
  moat = await startMoat(inject('temporal').address, 'cli-terminal');
}, 240_000);
afterAll(() => moat?.close());

const onOwnTerminal = (args: readonly string[]) => onTerminal(args, { MOAT_URL: moat.url });

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
  const up = onOwnTerminal(['up', 'churn1', '--location', 'westus2']);
  await up.shows(held);
  expect(up.screen()).toContain('\u001B[10A'); // the table is drawn over itself
  up.type('\u0003');
  expect(await up.exitCode()).toBe(130);
  expect(up.screen()).toContain('Detached: what is in progress continues. Follow it with: moat watch churn1');

  const watch = onOwnTerminal(['watch', 'churn1']);
  await watch.shows(held);
  await release();
  expect(await watch.exitCode()).toBe(0);
  expect(watch.screen()).toMatch(/Isolation: (\d+) of \1 checks passed/);
}, 240_000);

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
}, 240_000);

it('a teardown asks for the name, and moat watch shows it among all environments', async () => {
  const all = onOwnTerminal(['watch']);
  const rm = onOwnTerminal(['rm', 'churn1']);
  await rm.shows('Type its name to confirm:');
  rm.type('churn2\r');
  expect(await rm.exitCode()).toBe(2);
  const confirmed = onOwnTerminal(['rm', 'churn1']);
  await confirmed.shows('Type its name to confirm:');
  confirmed.type('churn1\r');
  expect(await confirmed.exitCode()).toBe(0);
  expect(confirmed.screen()).toContain('churn1 is deleted.');
  await all.shows('churn1  is deleted');
  all.type('\u0003');
  expect(await all.exitCode()).toBe(130);
}, 240_000);
