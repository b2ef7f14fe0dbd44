import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createClient } from './support/client.ts';
import { createEmulatorControl } from './support/control.ts';
import { startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';
import { describeLocal } from './support/target.ts';
import { until } from './support/until.ts';

describeLocal('an operation that never ends', 'injects faults', () => {
  let moat: Moat;
  beforeAll(async () => {
    moat = await startMoat(inject('temporal').address, 'stuck');
  }, 120_000);
  afterAll(() => moat.close());

  it('is reported while it runs, and fails the run as stuck', async () => {
    const client = createClient(moat.url);
    const control = createEmulatorControl(moat);
    await control('POST', 'faults', {
      match: { method: 'PUT', type: 'Microsoft.Network/natGateways', id: '/resourceGroups/rg-moat-stuck0/' },
      effect: { hangOperation: true },
    });
    await client.create({ name: 'stuck0', location: 'westus2' });
    await until('the wait is reported', async () => {
      const step = (await client.get('stuck0')).steps.find(({ id }) => id === 'network')!;
      return step.reason === 'WaitingOnAzure' && /NAT gateway nat-/.test(step.message ?? '');
    });
    const { failure, steps } = await until(
      'the run has failed',
      async () => {
        const environment = await client.get('stuck0');
        return environment.state === 'failed' && environment;
      },
      110_000,
    );
    expect(failure).toMatchObject({ step: 'network', type: 'Stuck', code: 'Stuck' });
    expect(failure?.message).toMatch(/^NAT gateway nat-.*within 30 minutes/);
    expect(failure?.remedy).toMatch(/POST/);
    expect(steps.find(({ id }) => id === 'network')).toMatchObject({ state: 'failed', reason: 'Stuck' });
  }, 150_000);
});
