import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { environmentPriority } from '../domain/priority.ts';
import {
  environmentWorkflowId,
  environmentWorkflowType,
  recordMemoKey,
  refMemoKey,
  runsMemoKey,
  searchAttributes,
  specHashMemoKey,
  taskQueues,
} from '../workflows/messages.ts';
import type { EnvironmentInput } from '../workflows/messages.ts';

/** Starts an environment's workflow, with a memo that can be read before a worker runs. Returns false where one is open already. */
export async function startEnvironment(client: Client, input: EnvironmentInput): Promise<boolean> {
  const { record, ref, specHash, runs = [] } = input;
  try {
    await client.workflow.start(environmentWorkflowType, {
      workflowId: environmentWorkflowId(ref.name),
      taskQueue: taskQueues.workflows,
      args: [input],
      priority: environmentPriority(record.owner),
      memo: {
        [recordMemoKey]: record,
        [runsMemoKey]: runs,
        [specHashMemoKey]: specHash,
        [refMemoKey]: ref,
      },
      typedSearchAttributes: [
        { key: searchAttributes.environment, value: ref.name },
        { key: searchAttributes.owner, value: record.owner },
        { key: searchAttributes.state, value: record.state },
        { key: searchAttributes.expiresAt, value: new Date(record.lease.expiresAt) },
      ],
      staticSummary: `isolated endpoint in ${ref.location}${input.recover ? ', recovered from its tags' : ''}`,
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
