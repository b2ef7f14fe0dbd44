import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { WorkflowBundle } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEnvironmentActivities } from '../../src/activities/environment/environmentActivities.ts';
import { newRecord } from '../../src/domain/environmentRecord.ts';
import { workflowReports } from '../../src/main/observability/workflowReports.ts';
import { workflowBundle } from '../../src/main/workflowBundle.ts';
import { createEnvironmentGateway } from '../../src/temporal/environmentGateway.ts';
import { createEnvironments } from '../../src/temporal/environments.ts';
import { setUpNamespace } from '../../src/temporal/setUpNamespace.ts';
import { specHash } from '../../src/temporal/specHash.ts';
import { startEnvironment } from '../../src/temporal/startEnvironment.ts';
import { runWorkflowId, taskQueues } from '../../src/workflows/messages.ts';
import { ownNamespace } from '../e2e/support/namespace.ts';
import { createFakeActivities } from '../workflows/fakeActivities.ts';
import { createFakeArm } from '../workflows/fakeArm.ts';
import { refNamed, specOf, subscriptionId, withRequests } from '../workflows/fixtures.ts';
import { startTemporalServer } from '../workflows/temporalServer.ts';
import type { TemporalServer } from '../workflows/temporalServer.ts';
import { until } from '../workflows/workflowHarness.ts';

const logger = new DefaultLogger('ERROR');
const { TaskQueueType } = proto.temporal.api.enums.v1;

let server: TemporalServer;
let bundle: WorkflowBundle;
let native: NativeConnection;
let connection: Connection;
const closes: (() => Promise<void>)[] = [];

beforeAll(async () => {
  Runtime.install({ logger });
  server = await startTemporalServer();
  const { address } = server;
  [bundle, native, connection] = await Promise.all([
    workflowBundle({ kind: 'plain', logger }),
    NativeConnection.connect({ address }),
    Connection.connect({ address }),
  ]);
});

afterAll(async () => {
  await Promise.all(closes.map((close) => close()));
  await native.close();
  await connection.close();
  await server.stop();
});

/** Runs workflows and the activities of `moat-arm-write`. Those of `moat-arm-read` wait in their queue until `startReading`. */
async function startQueues(title: string) {
  const namespace = await ownNamespace(server.address, title);
  const client = new Client({ connection, namespace });
  await until('the namespace is ready', () => setUpNamespace(client).then(() => true));
  const common = { connection: native, namespace };
  const started: string[] = [];
  const fakes = createFakeActivities(createFakeArm, new Map());
  const recorded = Object.fromEntries(
    Object.entries(fakes).map(([name, work]) => [
      name,
      (input: { ref: { name: string } }) => {
        started.push(`${name} ${input.ref.name}`);
        return (work as (input: object) => Promise<unknown>)(input);
      },
    ]),
  );
  const run = async (options: { taskQueue: string; maxConcurrentActivityTaskExecutions?: number }, more: object) => {
    const worker = await Worker.create({ ...common, ...options, ...more });
    const running = worker.run();
    closes.push(async () => {
      worker.shutdown();
      await running;
    });
  };
  const activities = createEnvironmentActivities(createEnvironmentGateway(client));
  await run({ taskQueue: taskQueues.workflows }, { workflowBundle: bundle, sinks: workflowReports(), activities });
  await run({ taskQueue: taskQueues.armWrite }, { activities: fakes });
  return {
    client,
    started,
    environments: withRequests(createEnvironments(client, { target: 'emulator', subscriptionId, temporalUi: null })),
    startReading: () =>
      run({ taskQueue: taskQueues.armRead, maxConcurrentActivityTaskExecutions: 1 }, { activities: recorded }),
    untilWaiting: (count: number) =>
      until(`${count} activities wait`, async () => {
        const { stats } = await client.workflowService.describeTaskQueue({
          namespace,
          taskQueue: { name: taskQueues.armRead },
          taskQueueType: TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
          reportStats: true,
        });
        return Number(stats?.approximateBacklogCount) >= count;
      }),
  };
}

test('a queue is one partition: no task waits where nobody polls, and the order is exact', async () => {
  const { workflowService } = connection;
  const queue = { namespace: 'default', taskQueue: { name: taskQueues.armWrite } };
  const { activityTaskQueuePartitions } = await workflowService.listTaskQueuePartitions(queue);
  expect(activityTaskQueuePartitions).toHaveLength(1);
});

describe.concurrent('tasks that wait in a queue', () => {
  test('one owner’s environments do not delay those of another owner', async () => {
    const { environments, started, startReading, untilWaiting } = await startQueues('fairness');
    for (let i = 1; i <= 20; i++) await environments.create(specOf(`ana${i}`, { owner: 'ana@example.com' }));
    await untilWaiting(20);
    await environments.create(specOf('bo1', { owner: 'bo@example.com' }));
    await untilWaiting(21);
    await startReading();
    await until('all have started', async () => started.filter((name) => name.startsWith('preflight')).length === 21);
    expect(started.indexOf('preflight bo1')).toBeLessThan(10);
  });

  test('the proof of a ready environment starts before waiting provisioning runs', async () => {
    const { client, environments, started, startReading, untilWaiting } = await startQueues('priority');
    const spec = specOf('ready1');
    await startEnvironment(client, {
      ref: refNamed('ready1'),
      spec,
      specHash: specHash(spec),
      target: 'emulator',
      record: { ...newRecord(spec, 'emulator', Date.now()), state: 'ready' },
      request: 'none',
    });
    for (let i = 1; i <= 20; i++) await environments.create(specOf(`new${i}`));
    await untilWaiting(20);
    await environments.verify('ready1');
    await until('the proof is scheduled', async () => {
      const { raw } = await client.workflow.getHandle(runWorkflowId('ready1', 'verify-1')).describe();
      const names = raw.pendingActivities?.map(({ activityType }) => activityType?.name);
      return names?.includes('proveFromArm') && names.includes('proveOutside');
    });
    await untilWaiting(22);
    await startReading();
    await until('all have started', async () => started.length >= 22);
    const proofs = started.slice(0, 10).filter((name) => name.startsWith('prove'));
    expect(proofs.toSorted()).toEqual(['proveFromArm ready1', 'proveOutside ready1']);
  });
});
