import { randomUUID } from 'node:crypto';
import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { LogRange } from '../domain/containerLog.ts';
import { Problem } from '../domain/problem.ts';
import { tailLogWorkflowId, tailLogWorkflowType } from '../workflows/messages.ts';
import type { TailLogInput, TailLogResult } from '../workflows/messages.ts';
import type { StoredEnvironment } from './environmentReader.ts';
import { requestWorkflow } from './requestWorkflow.ts';

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
  const { log } = await requestWorkflow<TailLogResult>(client, tailLogWorkflowType, {
    workflowId: tailLogWorkflowId(record.name, randomUUID()),
    input: { ref, ...range } satisfies TailLogInput,
  }).catch((error: unknown) => {
    throw problemOf(error);
  });
  if (log === null) throw missing;
  return log;
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
