import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createSweepScheduleReader, setUpSchedule } from '../../src/temporal/sweepSchedule.ts';
import { scheduleId } from '../../src/workflows/messages.ts';
import { ownNamespace } from '../e2e/support/namespace.ts';
import { until } from '../workflows/workflowHarness.ts';

const minute = 60_000;
const hourly = {
  mode: 'on',
  intervalMs: 60 * minute,
  timeZone: 'Europe/Berlin',
  graceMs: 0,
  cap: null,
  dailyCap: null,
} as const;

const hours = (count: number): number => count * 60 * minute;
const seconds = (time: number) => ({ seconds: (time / 1000) as never });

describe('the schedule', () => {
  let connection: Connection;
  let client: Client;
  beforeAll(async () => {
    const { address } = inject('temporal');
    connection = await Connection.connect({ address });
    client = new Client({ connection, namespace: await ownNamespace(address, 'schedule') });
    await until('the namespace accepts schedules', async () => {
      await setUpSchedule(client, hourly);
      return true;
    });
  });
  afterAll(() => connection.close());

  it('is created and updated, and stays paused when it was paused', async () => {
    await setUpSchedule(client, hourly);
    const handle = client.schedule.getHandle(scheduleId);
    expect((await handle.describe()).policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 60 * minute });
    const read = createSweepScheduleReader(client, hourly);
    const { nextRunAt, paused } = await read();
    expect([paused, Date.parse(nextRunAt!) - Date.now()]).toEqual([
      false,
      expect.toSatisfy((ms) => ms > 0 && ms <= hours(1)),
    ]);
    await handle.pause('not today');
    expect(await read()).toMatchObject({
      paused: true,
      nextRunAt: null,
      policy: { timing: expect.stringContaining('paused') },
    });
    await setUpSchedule(client, { ...hourly, intervalMs: 15 * minute });
    const { policies, state } = await handle.describe();
    expect([policies.catchupWindow, state.paused, state.note]).toEqual([15 * minute, true, 'not today']);
  });

  it.each([
    ['hourly', 'lose', '2026-03-28T22:00:00Z', 1, [1, 1, 1, 1, 1]],
    ['hourly', 'gain', '2026-10-24T22:00:00Z', 1, [1, 1, 1, 1, 1]],
    ['daily', 'lose', '2026-03-27T12:00:00Z', 24, [24, 23, 24, 24]],
    ['daily', 'gain', '2026-10-23T12:00:00Z', 24, [24, 25, 24, 24]],
  ])('stays %s when the clocks of its time zone %s an hour', async (_interval, _change, from, interval, gaps) => {
    await setUpSchedule(client, { ...hourly, intervalMs: hours(interval) });
    const start = Date.parse(from);
    const { startTime } = await client.workflowService.listScheduleMatchingTimes({
      namespace: client.options.namespace,
      scheduleId,
      startTime: seconds(start),
      endTime: seconds(start + hours(interval * (gaps.length + 1))),
    });
    const due = (startTime ?? []).map((time) => Number(time.seconds) / 3600);
    expect(due.slice(1).map((at, i) => at - due[i]!)).toEqual(gaps);
  });
});
