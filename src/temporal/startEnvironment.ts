import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { SearchAttributePair, SearchAttributeUpdatePair } from '@temporalio/common';
import { environmentPriority } from '../domain/priority.ts';
import {
  environmentWorkflowId,
  environmentWorkflowType,
  recordMemoKey,
  refMemoKey,
  runsMemoKey,
  specHashMemoKey,
  taskQueues,
} from '../workflows/messages.ts';
import { environmentAttributes } from '../workflows/searchAttributes.ts';
import type { EnvironmentInput } from '../workflows/messages.ts';

/** A start takes no attribute without a value. */
const hasValue = (pair: SearchAttributeUpdatePair): pair is SearchAttributePair => pair.value !== null;

/** How an environment's workflow is started: with a memo and search attributes that can be read before a worker runs. */
export function environmentStartOptions(input: EnvironmentInput) {
  const { record, ref, specHash, runs = [] } = input;
  return {
    workflowId: environmentWorkflowId(ref.name),
    taskQueue: taskQueues.workflows as string,
    args: [input],
    priority: environmentPriority(record.owner),
    memo: {
      [recordMemoKey]: record,
      [runsMemoKey]: runs,
      [specHashMemoKey]: specHash,
      [refMemoKey]: ref,
    },
    typedSearchAttributes: environmentAttributes(record, new Date()).filter(hasValue),
    staticSummary: `isolated endpoint in ${ref.location}${input.recover ? ', recovered from its tags' : ''}`,
  };
}

/** Starts an environment's workflow. Returns false where one is open already; with `isNew`, also where Temporal keeps an ended one. */
export async function startEnvironment(client: Client, input: EnvironmentInput, isNew = false): Promise<boolean> {
  try {
    await client.workflow.start(environmentWorkflowType, {
      ...environmentStartOptions(input),
      ...(isNew && { workflowIdReusePolicy: 'REJECT_DUPLICATE' }),
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
