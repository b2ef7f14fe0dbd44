import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createClient } from './support/client.ts';
import type { MoatClient } from './support/client.ts';
import { startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';
import { describeLocal } from './support/target.ts';
import { until } from './support/until.ts';

describeLocal('crashes and cancellation', 'kills processes', () => {
  let moat: Moat;
  let client: MoatClient;
  beforeAll(async () => {
    moat = await startMoat(inject('temporal').address, 'crash', { MOAT_EMULATOR_TIME_SCALE: '1/400' });
    client = createClient(moat.url);
  }, 120_000);
  afterAll(() => moat.close());

  const stepOf = async (name: string, id: string) => (await client.get(name)).steps.find((step) => step.id === id)!;

  it('a run continues after kill -9 of the worker, and of all processes', async () => {
    await client.create({ name: 'crash1', location: 'westus2' });
    await until('the network step runs', async () => (await stepOf('crash1', 'network')).state === 'running');
    await moat.kill('worker');
    expect((await client.get('crash1')).state, 'GET needs no worker').toBe('provisioning');
    moat.start('worker');

    await until(
      'the workspace step has resources',
      async () => (await stepOf('crash1', 'workspace')).resources.length > 5,
    );
    await Promise.all([moat.kill('worker'), moat.kill('emulator'), moat.kill('api')]);
    for (const name of ['emulator', 'worker', 'api'] as const) moat.start(name);
    await moat.ready();

    const ready = await client.until('crash1', 'ready', 'failed');
    expect(ready.failure).toBeNull();
    expect(ready.run).toBeNull();
    expect((ready.receipt!.score!.body as number[])[0]).toBeCloseTo(11055.977245525679, 6);
  });

  it('a cancelled run is resumed by the same POST, and cancel with teardown deletes the environment', async () => {
    const spec = { name: 'crash2', location: 'westus2' };
    await client.create(spec);
    await until('the jumpbox step runs', async () => (await stepOf('crash2', 'jumpbox')).state === 'running');
    expect((await client.call('POST', '/environments/crash2/cancel')).status).toBe(202);
    expect((await client.until('crash2', 'cancelled')).failure?.type).toBe('Cancelled');

    const repeated = await client.create(spec);
    expect(repeated.status).toBe(202);
    expect((repeated.body as { state: string }).state).toBe('provisioning');
    await until('the second run is in progress', async () => (await client.get('crash2')).run?.id === 'provision-2');
    expect((await client.call('POST', '/environments/crash2/cancel', { teardown: true })).status).toBe(202);
    expect((await client.until('crash2', 'deleted', 'blocked')).state).toBe('deleted');
  });
});
