import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createClient } from './support/client.ts';
import { startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';
import { describeLocal } from './support/target.ts';

describeLocal('at the default time scale 1/60', 'reads histories from Temporal', () => {
  let moat: Moat;
  let connection: Connection;
  beforeAll(async () => {
    const { address } = inject('temporal');
    moat = await startMoat(address, 'default-time-scale', { MOAT_EMULATOR_TIME_SCALE: '1/60' });
    connection = await Connection.connect({ address });
  }, 120_000);
  afterAll(async () => {
    await connection.close();
    await moat.close();
  });

  it('a run waits for Azure by Temporal’s retries, and ends ready', async () => {
    const client = createClient(moat.url);
    await client.create({ name: 'paced', location: 'westus2' });
    const { failure, receipt } = await client.until('paced', 'ready', 'failed');
    expect(failure).toBeNull();
    expect(receipt!.proof!.rows.filter(({ verdict }) => verdict === 'failed')).toEqual([]);

    const temporal = new Client({ connection, namespace: moat.namespace });
    const { events } = await temporal.workflow.getHandle('environment-paced:provision:1').fetchHistory();
    const repeatedPolls = (events ?? []).filter(({ activityTaskStartedEventAttributes: started }) => {
      const type = started?.lastFailure?.applicationFailureInfo?.type;
      return (started?.attempt ?? 0) > 1 && type === 'InProgress';
    });
    expect(repeatedPolls.length).toBeGreaterThan(0);
  }, 150_000);
});
