import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import type { DataConverter, Payload } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { RunRecord } from '../src/domain/environment.ts';
import { connectClient } from '../src/main/temporal/connectClient.ts';
import { environmentWorkflowId, runWorkflowId } from '../src/workflows/messages.ts';
import type { SecretScan } from './secretScan.ts';

const { EventType, WorkflowTaskFailedCause } = proto.temporal.api.enums.v1;
/** A signal or update arrived while the worker completed the task: normal in Temporal, not a bug. */
const expectedCauses = [WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND];
const retryLimitMs = 60_000;

const isPayload = (value: object): value is Payload => 'metadata' in value && 'data' in value;

function payloadsIn(value: unknown): Payload[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  return isPayload(value) ? [value] : Object.values(value).flatMap(payloadsIn);
}

/** All text of a history; its encrypted payloads are decoded separately. */
function texts(value: unknown): string {
  if (value instanceof Uint8Array) return ` ${Buffer.from(value).toString('utf8')}`;
  if (typeof value === 'string') return ` ${value}`;
  return typeof value === 'object' && value !== null ? Object.values(value).map(texts).join('') : '';
}

type Events = NonNullable<proto.temporal.api.history.v1.IHistory['events']>;

const lastOf = (events: Events): string => EventType[events.at(-1)?.eventType ?? 0] ?? 'no event';
const isClosed = (last: string): boolean =>
  /EXECUTION_(COMPLETED|FAILED|CANCELED|TERMINATED|TIMED_OUT|CONTINUED_AS_NEW)$/.test(last);

/** Messages of failed workflow tasks. */
const failedTasks = (events: Events): string[] =>
  events.flatMap(({ eventType, workflowTaskFailedEventAttributes: failed }) =>
    eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED && !expectedCauses.some((cause) => cause === failed?.cause)
      ? [failed?.failure?.message ?? WorkflowTaskFailedCause[failed?.cause ?? 0] ?? 'unknown cause']
      : [],
  );

/** Reads open workflows, failed workflow tasks and histories from Temporal. Every history is scanned for secrets. */
export async function createTemporalInspector(address: string, dataConverter: DataConverter, scan: SecretScan) {
  const connection = await connectClient({ address });
  const client = new Client({ connection, dataConverter });
  const codecs = dataConverter.payloadCodecs ?? [];

  async function decoded(payloads: Payload[]): Promise<Payload[]> {
    let result = payloads;
    for (const codec of codecs) result = await codec.decode(result);
    return result;
  }

  async function withRetry<T>(work: () => Promise<T>): Promise<T> {
    for (const end = Date.now() + retryLimitMs; ;) {
      try {
        return await client.withDeadline(Date.now() + 20_000, work);
      } catch (error) {
        if (Date.now() > end || /not ?found/i.test(String(error))) throw error;
        await sleep(300);
      }
    }
  }

  /** Reads a workflow's history. With `closes`, waits up to a minute until the workflow is closed. */
  async function read(workflowId: string, closes: boolean): Promise<Events> {
    for (const end = Date.now() + retryLimitMs; ; await sleep(300)) {
      const { events } = await withRetry(() => client.workflow.getHandle(workflowId).fetchHistory());
      if (closes && Date.now() < end && !isClosed(lastOf(events ?? []))) continue;
      const payloads = await decoded(payloadsIn(events ?? []));
      scan.add(`history of ${workflowId}`, texts([events, payloads]));
      return events ?? [];
    }
  }

  return {
    /** Failed workflow tasks of an environment and its runs, and unexpected last events (terminated, timed out, not completed). */
    async inspect(
      { name, deleted }: { name: string; deleted: boolean },
      runs: readonly RunRecord[],
    ): Promise<{ failed: string[]; unexpectedEnds: string[] }> {
      const failed: string[] = [];
      const unexpectedEnds: string[] = [];
      async function check(id: string, closes: boolean, isExpected: (last: string) => boolean): Promise<void> {
        try {
          const events = await read(id, closes);
          failed.push(...failedTasks(events).map((message) => `${id}: ${message}`));
          if (!isExpected(lastOf(events))) unexpectedEnds.push(`${id} ends with ${lastOf(events)}`);
        } catch (error) {
          failed.push(`${id}: ${String(error)}`);
        }
      }
      await Promise.all([
        check(environmentWorkflowId(name), deleted, (last) => !deleted || last.endsWith('EXECUTION_COMPLETED')),
        ...runs.map(({ id }) =>
          check(runWorkflowId(name, id), false, (last) => !/EXECUTION_(TERMINATED|TIMED_OUT)$/.test(last)),
        ),
      ]);
      return { failed, unexpectedEnds };
    },
    /** Ids of open environment and run workflows. */
    async open(): Promise<string[]> {
      return withRetry(async () => {
        const query = `ExecutionStatus = 'Running' AND WorkflowType IN ('environment', 'provision', 'score', 'verify', 'teardown')`;
        const ids: string[] = [];
        for await (const { workflowId } of client.workflow.list({ query })) ids.push(workflowId);
        return ids;
      });
    },
    /** Number of workflows by type and status. */
    async counts(): Promise<Record<string, number>> {
      const counts: Record<string, number> = {};
      for (const type of ['environment', 'provision', 'score', 'teardown']) {
        for (const status of ['Running', 'Completed', 'Failed', 'Canceled', 'Terminated', 'TimedOut']) {
          const query = `WorkflowType = '${type}' AND ExecutionStatus = '${status}'`;
          const { count } = await withRetry(() => client.workflow.count(query));
          if (count > 0) counts[`${type} ${status}`] = count;
        }
      }
      return counts;
    },
    close: () => connection.close(),
  };
}

export type TemporalInspector = Awaited<ReturnType<typeof createTemporalInspector>>;
