import { afterEach, describe, expect, inject, it } from 'vitest';
import type { Environment } from '../../src/domain/environment.ts';
import { runPhases } from '../../src/main/shutdown.ts';
import { waitFor } from '../../src/main/wait.ts';
import { ownNamespace } from '../e2e/support/namespace.ts';
import { createInstallation } from './support/moatProcesses.ts';
import type { Installation, Started } from './support/moatProcesses.ts';

const forever = new Promise<never>(() => undefined);

/** Runs the phases. Returns the exit code and the log lines. */
const record = async (phases: { name: string; run: () => Promise<unknown>; limitMs?: number }[]) => {
  const lines: string[] = [];
  const exitCode = await runPhases(
    phases.map((phase) => ({ limitMs: 60_000, ...phase })),
    (line) => lines.push(line),
  );
  return { exitCode, lines };
};

describe('the shutdown phases', () => {
  it('run in order and end with code 0', async () => {
    const order: string[] = [];
    const phase = (name: string) => ({ name, run: async () => order.push(name) });
    expect(await record([phase('drainActivities'), phase('closeConnections')])).toEqual({ exitCode: 0, lines: [] });
    expect(order).toEqual(['drainActivities', 'closeConnections']);
  });

  it('end with code 1, and skip the rest, when one exceeds its limit', async () => {
    const rest = { name: 'closeConnections', run: () => Promise.reject(new Error('must not run')) };
    expect(await record([{ name: 'drainActivities', limitMs: 10, run: () => forever }, rest])).toEqual({
      exitCode: 1,
      lines: ['shutdown phase drainActivities exceeded its limit of 0.01 s; exiting'],
    });
  });

  it('continue after one that fails, and end with code 1', async () => {
    let closed = false;
    const failing = { name: 'drainActivities', run: () => Promise.reject(new Error('no connection')) };
    const close = { name: 'closeConnections', run: async () => (closed = true) };
    expect(await record([failing, close])).toEqual({
      exitCode: 1,
      lines: ['shutdown phase drainActivities failed: no connection'],
    });
    expect(closed).toBe(true);
  });
});

describe('SIGTERM', () => {
  let moat: Installation;
  afterEach(() => moat.close());

  const entry = (name: string): Started => moat.run('node', ['scripts/run.mjs', `src/main/${name}.ts`]);

  it('in the middle of a step: the worker drains, and the next worker completes the run without repeating a step', async () => {
    const { address } = inject('temporal');
    moat = await createInstallation({
      TEMPORAL_ADDRESS: address,
      TEMPORAL_NAMESPACE: await ownNamespace(address, 'drain'),
      MOAT_EMULATOR_TIME_SCALE: '1/200',
    });
    const [worker, api, emulator] = [entry('worker'), entry('api'), entry('emulator')];
    for (const [name, child] of Object.entries({ worker, api, emulator })) await child.prints(`${name}: started`);

    const body = JSON.stringify({ name: 'churn1', location: 'westus2' });
    await fetch(`${moat.api}/environments`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const environment = async (): Promise<Environment> =>
      (await (await fetch(`${moat.api}/environments/churn1`)).json()) as Environment;
    const until = (wanted: (now: Environment) => boolean): Promise<true> =>
      waitFor({ what: 'the environment', limit: 90_000 }, async () => wanted(await environment()) || undefined);
    await until(({ steps }) => steps.find(({ id }) => id === 'workspace')!.state === 'running');

    worker.child.kill('SIGTERM');
    expect(await worker.exitCode()).toBe(0);
    expect(worker.output()).toContain('shutting down within 25 s (drainActivities, closeConnections)');
    expect((await environment()).state).toBe('provisioning');

    await entry('worker').prints('worker: started');
    await until(({ state }) => state !== 'provisioning');
    const { state, steps } = await environment();
    expect({ state, attempts: steps.map(({ attempt }) => attempt) }).toEqual({
      state: 'ready',
      attempts: steps.map(() => 1),
    });
  }, 180_000);

  it.each(['api', 'emulator'])(
    'ends the %s with code 0',
    async (name) => {
      const { address } = inject('temporal');
      moat = await createInstallation({
        TEMPORAL_ADDRESS: address,
        TEMPORAL_NAMESPACE: await ownNamespace(address, `term-${name}`),
      });
      const child = entry(name);
      await child.prints(`${name}: started`);
      child.child.kill('SIGTERM');
      expect(await child.exitCode()).toBe(0);
    },
    60_000,
  );

  it('twice ends npm start at once with code 130', async () => {
    moat = await createInstallation();
    const start = moat.start(['--no-sample']);
    await start.prints('Serving until Ctrl-C.');
    // A stopped API cannot drain, so that the second signal comes in the middle of the shutdown.
    process.kill(await moat.pidOf(/src\/main\/api\.ts/), 'SIGSTOP');
    start.child.kill('SIGTERM');
    await start.prints('Press Ctrl-C again to force.');
    const repeat = setInterval(() => start.child.kill('SIGTERM'), 200);
    expect(await start.exitCode()).toBe(130);
    clearInterval(repeat);
    await moat.allEnded();
  }, 120_000);
});
