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

  it('a run waits for Azure within few attempts, and ends ready', async () => {
    const client = createClient(moat.url);
    await client.create({ name: 'paced', location: 'westus2' });
    const { failure, receipt } = await client.until('paced', 'ready', 'failed');
    expect(failure).toBeNull();
    expect(receipt!.proof!.rows.filter(({ verdict }) => verdict === 'failed')).toEqual([]);

    const temporal = new Client({ connection, namespace: moat.namespace });
    const { events } = await temporal.workflow.getHandle('environment-paced:provision:1').fetchHistory();
    const scheduled = (events ?? []).find(
      ({ activityTaskScheduledEventAttributes: one }) => one?.activityId === 'endpoint:ensure:deployment',
    );
    const started = (events ?? []).find(
      ({ activityTaskStartedEventAttributes: one }) => String(one?.scheduledEventId) === String(scheduled?.eventId),
    );
    // ten seconds with a poll each quarter of a second: most attempts poll many times
    expect(started?.activityTaskStartedEventAttributes?.attempt).toBeLessThan(10);
  }, 150_000);
});
