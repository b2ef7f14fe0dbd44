import { ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Client, ScheduleSpec } from '@temporalio/client';
import type { SweepConfig } from '../domain/sweep/gateway.ts';
import { sweepScheduleOf } from '../domain/sweep/schedule.ts';
import type { SweepSchedule } from '../domain/sweep/schedule.ts';
import { scheduleId, sweepIdPrefix, sweepWorkflowType, taskQueues } from '../workflows/messages.ts';
import type { SweepInput } from '../workflows/messages.ts';
import { mapUnavailable } from './unavailable.ts';

/** Execution timeout of a sweep: one that no worker executes times out, so that the next one can start. */
export const sweepTimeout = '1 hour';
const dayMs = 24 * 3_600_000;

/**
 * The schedule's times: daily sweeps start at midnight in the time zone, others at a fixed interval, which daylight saving time does not
 * change.
 */
function scheduleSpecOf({ intervalMs, timeZone }: Pick<SweepConfig, 'intervalMs' | 'timeZone'>): ScheduleSpec {
  return intervalMs === dayMs
    ? { calendars: [{ hour: 0 }], timezone: timeZone }
    : { intervals: [{ every: intervalMs }] };
}

/** Catch-up window for missed sweeps, in ms; Temporal's minimum is ten seconds. */
export const catchUpMs = ({ intervalMs }: Pick<SweepConfig, 'intervalMs'>): number => Math.max(10_000, intervalMs);

/** Creates or updates the schedule of sweeps. A paused schedule stays paused. */
export async function setUpSchedule(client: Client, config: SweepConfig): Promise<void> {
  const sweep: SweepInput = { dryRun: false };
  const schedule = {
    spec: scheduleSpecOf(config),
    action: {
      type: 'startWorkflow' as const,
      workflowType: sweepWorkflowType,
      workflowId: sweepIdPrefix,
      taskQueue: taskQueues.workflows,
      args: [sweep],
      workflowExecutionTimeout: sweepTimeout,
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: catchUpMs(config) },
  };
  try {
    await client.schedule.create({ scheduleId, ...schedule });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(scheduleId).update((present) => ({ ...present, ...schedule }));
  }
}

/** Reads when the next sweep is due. Without a schedule, which a worker creates, none is. Throws Unavailable. */
export const createSweepScheduleReader = (client: Client, config: SweepConfig): (() => Promise<SweepSchedule>) =>
  mapUnavailable({
    async read(): Promise<SweepSchedule> {
      try {
        const { state, info } = await client.schedule.getHandle(scheduleId).describe();
        return sweepScheduleOf(config, state.paused, info.nextActionTimes[0]?.toISOString() ?? null);
      } catch (error) {
        if (!(error instanceof ScheduleNotFoundError)) throw error;
        return sweepScheduleOf(config, false, null);
      }
    },
  }).read;
