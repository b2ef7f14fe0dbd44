import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { taskQueues } from '../workflows/messages.ts';

const { TaskQueueType } = proto.temporal.api.enums.v1;
/** A poll lasts a minute at most, so the last access of a running worker is more recent than this. */
const recentMs = 90_000;
const answerWithinMs = 2_000;

/** Whether Temporal answers, and a worker polls the workflow task queue. */
export async function readinessOf(client: Client): Promise<{ temporal: boolean; worker: boolean }> {
  try {
    const { pollers } = await client.withDeadline(Date.now() + answerWithinMs, () =>
      client.workflowService.describeTaskQueue({
        namespace: client.options.namespace,
        taskQueue: { name: taskQueues.workflows },
        taskQueueType: TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
      }),
    );
    const worker = (pollers ?? []).some(
      ({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000 > Date.now() - recentMs,
    );
    return { temporal: true, worker };
  } catch {
    return { temporal: false, worker: false };
  }
}
