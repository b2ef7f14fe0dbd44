import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { specDefaults } from '../src/api/newEnvironment.ts';
import type { EnvironmentRecord, RunRecord } from '../src/domain/environment.ts';
import { newRecord } from '../src/domain/environmentRecord.ts';
import { environmentRefOf } from '../src/domain/naming.ts';
import { specHash } from '../src/temporal/specHash.ts';
import { environmentStartOptions } from '../src/temporal/startEnvironment.ts';
import { environmentWorkflowType } from '../src/workflows/messages.ts';

const { CommandType, TaskQueueKind } = proto.temporal.api.enums.v1;

/** No worker of Moat polls it: what is open stays as it is. */
const taskQueue = 'known-environments';
const subscriptionId = '00000000-0000-4000-8000-000000000001';
/** How many starts, and how many polls for those to complete, are in progress. */
const startsInParallel = 32;
const pollers = 8;
/** Temporal answers a poll without a task a little earlier. */
const pollMs = 60_000;
const complete = {
  commandType: CommandType.COMMAND_TYPE_COMPLETE_WORKFLOW_EXECUTION,
  completeWorkflowExecutionCommandAttributes: {},
};

export interface KnownEnvironments {
  /** how many; names are `{prefix}00000` and on */
  count: number;
  /** default: `known` */
  prefix?: string;
  /** changes the record of a ready environment. One in state `deleted` has a completed workflow. */
  change?: (record: EnvironmentRecord, index: number) => Partial<EnvironmentRecord>;
}

/**
 * Makes environments known without provisioning them: workflows with memo and search attributes like Moat's own, in Temporal only. A ready one takes
 * Temporal's development server about 5 ms of processor time, a deleted one 10 ms.
 */
export async function makeKnownEnvironments(client: Client, options: KnownEnvironments): Promise<string[]> {
  const { count, prefix = 'known', change = () => ({}) } = options;
  const records = Array.from({ length: count }, (_, index): EnvironmentRecord => {
    const name = `${prefix}${String(index).padStart(5, '0')}`;
    const spec = { ...specDefaults, name, location: 'westus2', suffix: 'bench1', owner: 'ana@example.com', ttl: '8h' };
    const record: EnvironmentRecord = { ...newRecord(spec, 'emulator', Date.now()), state: 'ready' };
    return { ...record, ...change(record, index) };
  });
  const deleted = records.filter(({ state }) => state === 'deleted').length;
  const completed = completeTasks(client, deleted);
  let next = 0;
  const startNext = async (): Promise<void> => {
    for (let record = records[next++]; record; record = records[next++]) await start(client, record);
  };
  await Promise.all([completed, ...Array.from({ length: startsInParallel }, startNext)]);
  return records.map(({ name }) => name);
}

/** The run that made it ready, a while ago: Temporal keeps it no longer. */
const firstRun = ({ createdAt: at }: EnvironmentRecord): RunRecord => ({
  id: 'provision-1',
  kind: 'provision',
  startedAt: at,
  finishedAt: at,
  outcome: 'succeeded',
  failure: null,
  receipt: null,
});

async function start(client: Client, record: EnvironmentRecord): Promise<void> {
  const spec = record.spec!;
  const ref = environmentRefOf(subscriptionId, spec);
  const input = { ref, spec, specHash: specHash(spec), target: 'emulator' as const, record, runs: [firstRun(record)] };
  const options = environmentStartOptions(input);
  await client.workflow.start(environmentWorkflowType, {
    ...options,
    taskQueue,
    // no workflow task exists before it, so nothing waits for a worker
    ...(record.state !== 'deleted' && { startDelay: '300 days' }),
  });
}

/** Completes the next `count` workflows of the task queue, as a worker whose workflow returns at once. */
async function completeTasks({ connection, options: { namespace } }: Client, count: number): Promise<void> {
  let remaining = count;
  const done = new AbortController();
  const queue = { name: taskQueue, kind: TaskQueueKind.TASK_QUEUE_KIND_NORMAL };
  const poll = async (): Promise<void> => {
    while (remaining > 0) {
      const { taskToken } = await connection.withDeadline(Date.now() + pollMs, () =>
        connection.workflowService.pollWorkflowTaskQueue({ namespace, taskQueue: queue, identity: taskQueue }),
      );
      if (!taskToken || taskToken.length === 0) continue;
      await connection.workflowService.respondWorkflowTaskCompleted({ namespace, taskToken, commands: [complete] });
      remaining -= 1;
      if (remaining === 0) done.abort();
    }
  };
  const polls = Array.from({ length: Math.min(pollers, count) }, () => connection.withAbortSignal(done.signal, poll));
  await Promise.all(polls).catch((error: unknown) => {
    // the other polls, which wait for more
    if (!done.signal.aborted) throw error;
  });
}
