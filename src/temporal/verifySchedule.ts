import { ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { taskQueues, verifyEnvironmentsType, verifyScheduleId } from '../workflows/messages.ts';
import type { VerifyEnvironmentsInput } from '../workflows/messages.ts';
import { isClosed } from './closedWorkflow.ts';

const scheduleOf = (intervalMs: number) => {
  const input: VerifyEnvironmentsInput = { intervalMs };
  return {
    spec: { intervals: [{ every: intervalMs }] },
    action: {
      type: 'startWorkflow' as const,
      workflowType: verifyEnvironmentsType,
      workflowId: verifyScheduleId,
      taskQueue: taskQueues.workflows,
      args: [input],
      // one that no worker executes times out before the next one is due
      workflowExecutionTimeout: intervalMs - intervalMs / 40,
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: intervalMs },
  };
};

/**
 * Creates or updates the schedule that repeats the proofs; null: deletes it. A paused schedule stays paused. A repetition in progress is
 * cancelled where its interval is no longer the current one; proofs that have begun end by themselves.
 */
export async function setUpVerifySchedule(client: Client, intervalMs: number | null): Promise<void> {
  const handle = client.schedule.getHandle(verifyScheduleId);
  const present = await handle.describe().catch(ignoreMissing);
  if (intervalMs === null) {
    await handle.delete().catch(ignoreMissing);
  } else {
    const schedule = scheduleOf(intervalMs);
    try {
      await client.schedule.create({ scheduleId: verifyScheduleId, ...schedule });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      await handle.update((previous) => ({ ...previous, ...schedule }));
    }
  }
  if (present && present.spec.intervals?.[0]?.every !== intervalMs) await cancelRunning(client);
}

function ignoreMissing(error: unknown): undefined {
  if (!(error instanceof ScheduleNotFoundError)) throw error;
}

/** The server does not list a schedule's running workflows reliably (`runningActions` may be empty): visibility does. */
async function cancelRunning(client: Client): Promise<void> {
  const query = `WorkflowType = '${verifyEnvironmentsType}' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId } of client.workflow.list({ query }))
    await client.workflow
      .getHandle(workflowId)
      .cancel()
      .catch((error: unknown) => {
        if (!isClosed(error)) throw error;
      });
}
