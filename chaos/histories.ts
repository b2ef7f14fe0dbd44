import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { environmentWorkflowId, runWorkflowId } from '../src/workflows/messages.ts';
import type { SecretSearch } from './secrets.ts';

const { EventType, WorkflowTaskFailedCause } = proto.temporal.api.enums.v1;
/** A message came while the worker answered: Temporal's own way, no failure of the code. */
const usual = [WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND];
const patienceMs = 60_000;

/** All text in a history, payloads included. */
function texts(value: unknown): string {
  if (value instanceof Uint8Array) return ` ${Buffer.from(value).toString('utf8')}`;
  if (typeof value === 'string') return ` ${value}`;
  return typeof value === 'object' && value !== null ? Object.values(value).map(texts).join('') : '';
}

/** Temporal's view: what is open, what failed in a workflow's own code, and what the histories hold. */
export async function temporalView(address: string, search: SecretSearch) {
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });

  async function patiently<T>(work: () => Promise<T>): Promise<T> {
    for (const end = Date.now() + patienceMs; ;) {
      try {
        return await client.withDeadline(Date.now() + 20_000, work);
      } catch (error) {
        if (Date.now() > end || /not ?found/i.test(String(error))) throw error;
        await sleep(300);
      }
    }
  }

  /** Reads one workflow's history; says which workflow tasks have failed in it. */
  async function read(workflowId: string): Promise<string[]> {
    const { events } = await patiently(() => client.workflow.getHandle(workflowId).fetchHistory());
    search.see(`history of ${workflowId}`, texts(events ?? []));
    return (events ?? []).flatMap(({ eventType, workflowTaskFailedEventAttributes: failed }) =>
      eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED && !usual.some((cause) => cause === failed?.cause)
        ? [`${workflowId}: ${failed?.failure?.message ?? WorkflowTaskFailedCause[failed?.cause ?? 0]}`]
        : [],
    );
  }

  return {
    /** Failed workflow tasks of an environment and of its runs. */
    async inspect(name: string, runIds: readonly string[]): Promise<string[]> {
      const ids = [environmentWorkflowId(name), ...runIds.map((id) => runWorkflowId(name, id))];
      return (
        await Promise.all(ids.map((id) => read(id).catch((error: unknown) => [`${id}: ${String(error)}`])))
      ).flat();
    },
    /** Ids of open workflows of ours. */
    async open(): Promise<string[]> {
      return patiently(async () => {
        const query = `ExecutionStatus = 'Running' AND WorkflowType IN ('environment', 'provision', 'score', 'verify', 'teardown')`;
        const ids: string[] = [];
        for await (const { workflowId } of client.workflow.list({ query })) ids.push(workflowId);
        return ids;
      });
    },
    /** How many workflows there are by type and status. */
    async counts(): Promise<Record<string, number>> {
      const counts: Record<string, number> = {};
      for (const type of ['environment', 'provision', 'score', 'teardown']) {
        for (const status of ['Running', 'Completed', 'Failed', 'Canceled', 'Terminated', 'TimedOut']) {
          const query = `WorkflowType = '${type}' AND ExecutionStatus = '${status}'`;
          const { count } = await patiently(() => client.workflow.count(query));
          if (count > 0) counts[`${type} ${status}`] = count;
        }
      }
      return counts;
    },
    close: () => connection.close(),
  };
}

export type TemporalView = Awaited<ReturnType<typeof temporalView>>;
