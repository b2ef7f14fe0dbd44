import type { Client } from '@temporalio/client';
import type { EnvironmentRecord } from '../domain/environment.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import type { ReadyEnvironment, ReadyEnvironments } from '../domain/proofRepetition.ts';
import { environmentWorkflowType, recordMemoKey, refMemoKey } from '../workflows/messages.ts';
import { searchAttributes } from '../workflows/searchAttributes.ts';

/** Memos per page: one has up to 200,000 characters. */
const pageSize = 50;
const query = `WorkflowType = '${environmentWorkflowType}' AND ExecutionStatus = 'Running' AND ${searchAttributes.state.name} = 'ready'`;

/** Lists the ready environments by Temporal's visibility, without their workflows. */
export const createReadyEnvironments = (client: Client): ReadyEnvironments => ({
  async list() {
    const found: ReadyEnvironment[] = [];
    for await (const { memo } of client.workflow.list({ query, pageSize })) {
      const record = memo?.[recordMemoKey] as EnvironmentRecord | undefined;
      const ref = memo?.[refMemoKey] as EnvironmentRef | undefined;
      if (record && ref)
        found.push({
          name: record.name,
          subscriptionId: ref.subscriptionId,
          provedAt: record.proof?.at ?? null,
        });
    }
    return found;
  },
});
