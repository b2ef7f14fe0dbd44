import type { Client, WorkflowStartOptions } from '@temporalio/client';
import { Problem } from '../domain/problem.ts';
import { taskQueues } from '../workflows/messages.ts';
import { readinessOf } from './temporalReadiness.ts';

/** Longer than the activities of such a workflow usually take. */
const executionTimeout = '30 seconds';

/**
 * The result of a workflow that exists for one request only; its history is deleted at once. Throws Unavailable where no worker polls, and the
 * client's error where the workflow fails or no worker completes it in time.
 */
export async function requestWorkflow<Result>(
  client: Client,
  type: string,
  { workflowId, input }: Pick<WorkflowStartOptions, 'workflowId'> & { input: object },
): Promise<Result> {
  const { temporal, worker } = await readinessOf(client);
  if (!worker)
    throw new Problem('Unavailable', temporal ? 'No worker is running.' : 'Temporal is unavailable.', {
      retryAfter: 5,
    });
  const handle = await client.workflow.start<(input: object) => Promise<Result>>(type, {
    workflowId,
    taskQueue: taskQueues.workflows,
    args: [input],
    workflowExecutionTimeout: executionTimeout,
  });
  try {
    return await handle.result();
  } finally {
    await deleteHistory(client, workflowId);
  }
}

/** Where it cannot be deleted, the history ends with the namespace's retention, as all others do. */
async function deleteHistory(client: Client, workflowId: string): Promise<void> {
  const { namespace } = client.options;
  await client.workflowService
    .deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } })
    .catch(() => undefined);
}
