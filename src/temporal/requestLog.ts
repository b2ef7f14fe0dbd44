import { randomUUID } from 'node:crypto';
import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { LogRange } from '../domain/containerLog.ts';
import { Problem } from '../domain/problem.ts';
import { taskQueues, tailLogWorkflowId, tailLogWorkflowType } from '../workflows/messages.ts';
import type { TailLogInput, TailLogResult } from '../workflows/messages.ts';
import type { StoredEnvironment } from './environmentReader.ts';
import { readinessOf } from './temporalReadiness.ts';

/** Longer than the workflow's activity may take; without a worker, the request is answered after this time. */
const executionTimeout = '30 seconds';

type LogWorkflow = (input: TailLogInput) => Promise<TailLogResult>;

/**
 * Reads the end of a container's log by a workflow of its own, whose history is deleted at once: the text of the log stays in Temporal only as
 * long as the request takes. Throws NoDeployment, LogFailed, Unavailable.
 */
export async function requestLog(client: Client, { record, ref }: StoredEnvironment, range: LogRange): Promise<string> {
  const missing = new Problem(
    'NoDeployment',
    `${record.name} is ${record.state}; it has no deployment, and so no log.`,
  );
  if (record.state === 'deleted') throw missing;
  const { temporal, worker } = await readinessOf(client);
  if (!worker)
    throw new Problem('Unavailable', temporal ? 'No worker is running.' : 'Temporal is unavailable.', {
      retryAfter: 5,
    });
  const handle = await client.workflow.start<LogWorkflow>(tailLogWorkflowType, {
    workflowId: tailLogWorkflowId(record.name, randomUUID()),
    taskQueue: taskQueues.workflows,
    args: [{ ref, ...range }],
    workflowExecutionTimeout: executionTimeout,
  });
  try {
    const { log } = await handle.result();
    if (log === null) throw missing;
    return log;
  } catch (error) {
    throw problemOf(error);
  } finally {
    await deleteHistory(client, handle);
  }
}

/** The problem of a workflow that failed, or that no worker completed in time. */
function problemOf(error: unknown): unknown {
  if (!(error instanceof WorkflowFailedError)) return error;
  const activity = error.cause instanceof ActivityFailure ? error.cause : undefined;
  const reason =
    activity?.cause instanceof ApplicationFailure ? `${activity.cause.type}: ${activity.cause.message}` : '';
  if (activity?.retryState === 'NON_RETRYABLE_FAILURE') return new Problem('LogFailed', reason);
  return new Problem('Unavailable', reason || 'No worker read the log in time.', { retryAfter: 5 });
}

/** Where it cannot be deleted, the history ends with the namespace's retention, as all others do. */
async function deleteHistory(client: Client, { workflowId }: WorkflowHandle): Promise<void> {
  const { namespace } = client.options;
  await client.workflowService
    .deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } })
    .catch(() => undefined);
}
