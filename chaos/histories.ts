import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { RunRecord } from '../src/domain/environment.ts';
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

type Events = NonNullable<proto.temporal.api.history.v1.IHistory['events']>;

const lastOf = (events: Events): string => EventType[events.at(-1)?.eventType ?? 0] ?? 'nothing';
const isClosed = (last: string): boolean =>
  /EXECUTION_(COMPLETED|FAILED|CANCELED|TERMINATED|TIMED_OUT|CONTINUED_AS_NEW)$/.test(last);

/** Which workflow tasks have failed. */
const failedIn = (events: Events): string[] =>
  events.flatMap(({ eventType, workflowTaskFailedEventAttributes: failed }) =>
    eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED && !usual.some((cause) => cause === failed?.cause)
      ? [failed?.failure?.message ?? WorkflowTaskFailedCause[failed?.cause ?? 0] ?? 'for an unknown cause']
      : [],
  );

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

  /** Reads one workflow's history; of one that `closes`, once it has, or nothing more is expected of it. */
  async function read(workflowId: string, closes: boolean): Promise<Events> {
    for (const end = Date.now() + patienceMs; ; await sleep(300)) {
      const { events } = await patiently(() => client.workflow.getHandle(workflowId).fetchHistory());
      if (closes && Date.now() < end && !isClosed(lastOf(events ?? []))) continue;
      search.see(`history of ${workflowId}`, texts(events ?? []));
      return events ?? [];
    }
  }

  return {
    /** Failed workflow tasks of an environment and of its runs, and ends that no workflow of ours comes to by itself. */
    async inspect(
      { name, deleted }: { name: string; deleted: boolean },
      runs: readonly RunRecord[],
    ): Promise<{ failed: string[]; ended: string[] }> {
      const failed: string[] = [];
      const ended: string[] = [];
      async function look(id: string, closes: boolean, fine: (last: string) => boolean): Promise<void> {
        try {
          const events = await read(id, closes);
          failed.push(...failedIn(events).map((message) => `${id}: ${message}`));
          if (!fine(lastOf(events))) ended.push(`${id} ends with ${lastOf(events)}`);
        } catch (error) {
          failed.push(`${id}: ${String(error)}`);
        }
      }
      await Promise.all([
        look(environmentWorkflowId(name), deleted, (last) => !deleted || last.endsWith('EXECUTION_COMPLETED')),
        ...runs.map(({ id }) =>
          look(runWorkflowId(name, id), false, (last) => !/EXECUTION_(TERMINATED|TIMED_OUT)$/.test(last)),
        ),
      ]);
      return { failed, ended };
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
