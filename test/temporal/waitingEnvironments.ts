import { setTimeout as wait } from 'node:timers/promises';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { specDefaults } from '../../src/api/newEnvironment.ts';
import { newRecord } from '../../src/domain/environmentRecord.ts';
import { environmentRefOf } from '../../src/domain/naming.ts';
import { pendingStep, resourceMemoKey, stepMemoKey } from '../../src/domain/progress.ts';
import { specHash } from '../../src/temporal/specHash.ts';
import { startEnvironment } from '../../src/temporal/startEnvironment.ts';
import { runWorkflowId } from '../../src/workflows/messages.ts';

const { CommandType } = proto.temporal.api.enums.v1;
const subscriptionId = '00000000-0000-4000-8000-000000000001';
const queue = 'waiting-environments';
const runId = 'provision-1';
const stepKey = stepMemoKey('network');
const pollers = 8;
const pollMs = 60_000;

/** Activities that a run waits for at a time. */
const pending = ['network:observe:vnet', 'network:observe:natGateway', 'network:observe:bastion'];

interface Command {
  commandType: number;
  [attributes: string]: unknown;
}

const scheduled = (activityId: string): Command => ({
  commandType: CommandType.COMMAND_TYPE_SCHEDULE_ACTIVITY_TASK,
  scheduleActivityTaskCommandAttributes: {
    activityId,
    activityType: { name: 'observeResource' },
    taskQueue: { name: queue },
    scheduleToCloseTimeout: { seconds: 7200 },
    startToCloseTimeout: { seconds: 90 },
  },
});

/** Memo of a run whose step `network` is running and has one resource. */
const memoOf = (resource: string): Record<string, unknown> => {
  const since = new Date().toISOString();
  const { resources: _, ...step } = { ...pendingStep('network'), state: 'running' as const, since };
  return { [stepKey]: step, [resourceMemoKey('network', 0)]: { id: resource, state: 'Succeeded', since } };
};

const progress = (resource: string): Command => {
  const entries = Object.entries(memoOf(resource));
  const fields = entries.map(([key, value]) => [key, defaultPayloadConverter.toPayload(value)]);
  return {
    commandType: CommandType.COMMAND_TYPE_MODIFY_WORKFLOW_PROPERTIES,
    modifyWorkflowPropertiesCommandAttributes: { upsertedMemo: { fields: Object.fromEntries(fields) } },
  };
};

/**
 * Environments whose run waits for three operations of Azure, each polled every `retryAfter` seconds, made in Temporal without a worker: their workflow and
 * activity tasks are answered here. `change` makes progress in one of them; `changedAt` is when Temporal had it, by
 * the id of the resource that it shows.
 */
export async function startWaitingEnvironments(client: Client, names: readonly string[], retryAfter: number) {
  const { namespace } = client.options;
  const service = client.workflowService;
  const stop = new AbortController();
  const changedAt = new Map<string, number>();
  const started = new Set<string>();
  const request = { namespace, taskQueue: { name: queue }, identity: queue };
  const poll = <T>(call: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + pollMs, call);

  async function answerWorkflowTask(): Promise<void> {
    const task = await poll(() => service.pollWorkflowTaskQueue(request));
    const { taskToken, workflowExecution } = task;
    const workflowId = workflowExecution?.workflowId;
    if (!taskToken?.length || !workflowId) return;
    const resource = `resource ${String(task.startedEventId)} of ${workflowId}`;
    const isFirst = !started.has(workflowId);
    started.add(workflowId);
    const commands = isFirst ? pending.map(scheduled) : [progress(resource)];
    await service.respondWorkflowTaskCompleted({ namespace, taskToken, commands });
    if (!isFirst) changedAt.set(resource, Date.now());
  }

  async function answerActivityTask(): Promise<void> {
    const { taskToken } = await poll(() => service.pollActivityTaskQueue(request));
    if (!taskToken?.length) return;
    const failure = {
      message: 'Updating',
      applicationFailureInfo: { type: 'InProgress', nextRetryDelay: { seconds: retryAfter as never } },
    };
    await service.respondActivityTaskFailed({ namespace, taskToken, failure, identity: queue });
  }

  async function repeat(answer: () => Promise<void>): Promise<void> {
    while (!stop.signal.aborted) await client.withAbortSignal(stop.signal, answer).catch(() => wait(10));
  }
  const loops = Array.from({ length: pollers }, () => [repeat(answerWorkflowTask), repeat(answerActivityTask)]).flat();

  for (const name of names) await start(client, name);
  return {
    changedAt,
    change: (name: string) => client.workflow.getHandle(runWorkflowId(name, runId)).signal('change'),
    stop: async (): Promise<void> => {
      stop.abort();
      await Promise.all(loops);
    },
  };
}

async function start(client: Client, name: string): Promise<void> {
  const spec = { ...specDefaults, name, location: 'westus2', suffix: 'bench1', owner: 'ana@example.com', ttl: '8h' };
  const run = {
    id: runId,
    kind: 'provision' as const,
    startedAt: new Date(Date.now() - 1000).toISOString(),
    finishedAt: null,
  };
  const ref = environmentRefOf(subscriptionId, spec);
  const record = { ...newRecord(spec, 'emulator', Date.now()), run };
  const runs = [{ ...run, outcome: 'running' as const, failure: null, receipt: null }];
  await startEnvironment(client, { ref, spec, specHash: specHash(spec), target: 'emulator', record, runs });
  await client.workflow.start('provision', {
    workflowId: runWorkflowId(name, runId),
    taskQueue: queue,
    args: [],
    memo: memoOf('started'),
  });
}
