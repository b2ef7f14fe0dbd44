import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { createActivities } from '../activities/index.ts';
import { createSweepActivities } from '../activities/sweep/sweepActivities.ts';
import { connectAzure } from '../azure/connectAzure.ts';
import type { Azure } from '../azure/connectAzure.ts';
import { loadConfig } from '../config.ts';
import type { Config, TargetConfig } from '../config.ts';
import { createDataConverter } from '../temporal/dataConverter.ts';
import type { SweepSettings } from '../domain/sweep/gateway.ts';
import { createSweepGateway } from '../temporal/sweepGateway.ts';
import { catchUpMs, setUpSchedule } from '../temporal/sweepSchedule.ts';
import { setUpNamespace } from '../temporal/setUpNamespace.ts';
import { taskQueues } from '../workflows/messages.ts';
import { runPart, say } from './part.ts';
import { connectPatiently } from './temporal/connect.ts';
import { temporalPlace } from './temporal/place.ts';
import { waitFor } from './wait.ts';

const does = 'Runs the workflows and the activities that drive Azure Resource Manager. Several may run side by side.';
const tell = (line: string): void => say('worker', line);

/** ARM refills a subscription's buckets with 25 reads and 10 writes a second (Azure docs: Azure Resource Manager throttling). */
const armPerSecond = { reads: 25, writes: 10 };

const read = (file: string): Promise<string> => readFile(file, 'utf8');

/** Connects to the target; for the emulator once it has made its certificate authority. */
async function reach(target: TargetConfig, subscriptionIds: readonly string[]): Promise<Azure> {
  const { endpoint, caFile } = target;
  if (target.kind === 'azure') {
    const ca = caFile === undefined ? undefined : await read(caFile);
    return connectAzure({ kind: 'azure', ...(endpoint && { endpoint }), ...(ca && { ca }) }, subscriptionIds);
  }
  const { timeScale } = target;
  const wait = { what: `the emulator's certificate authority in ${caFile}`, limit: 120_000, tell };
  const ca = await waitFor(wait, () => read(target.caFile));
  return connectAzure({ kind: 'emulator', endpoint: target.endpoint, ca, timeScale }, subscriptionIds);
}

/** What the worker bundles: Temporal refuses the second one of a worker without a build. */
const doors = {
  plain: new URL('../workflows/index.ts', import.meta.url),
  versioned: new URL('../workflows/versioned.ts', import.meta.url),
};

/** Versions workers by their build, so that a run ends on the one that it began on; what is not a run says so itself. */
const versioned = (buildId: string) =>
  ({
    version: { deploymentName: 'moat', buildId },
    useWorkerVersioning: true,
    defaultVersioningBehavior: 'PINNED',
  }) as const;

/** What sweeps go by: the settings of this worker. */
const sweepSettings = ({ sweep, subscriptionIds, target, webhook }: Config): SweepSettings => ({
  mode: sweep.mode,
  policy: { graceMs: sweep.graceMs, cap: sweep.cap, subscriptionIds },
  timing: { intervalMs: sweep.intervalMs, catchUpMs: catchUpMs(sweep) },
  target: target.kind,
  webhook: webhook !== null,
});

async function workers(connection: NativeConnection, client: Client, config: Config): Promise<Worker[]> {
  const azure = await reach(config.target, config.subscriptionIds);
  const activities = createActivities({ azure, sealKey: config.sealKey });
  // The emulator refills its buckets as much faster as its clock runs.
  const speed = config.target.kind === 'emulator' ? 1 / config.target.timeScale : 1;
  const common = {
    connection,
    namespace: client.options.namespace,
    dataConverter: createDataConverter(config.encryptionKeys),
    shutdownGraceTime: '10s',
    ...(config.buildId !== null && { workerDeploymentOptions: versioned(config.buildId) }),
  } as const;
  const arm = (taskQueue: string, perSecond: number): Promise<Worker> =>
    Worker.create({ ...common, taskQueue, activities, maxTaskQueueActivitiesPerSecond: perSecond * speed });
  return Promise.all([
    Worker.create({
      ...common,
      taskQueue: taskQueues.workflows,
      activities: createSweepActivities({
        gateway: createSweepGateway(client, sweepSettings(config)),
        webhook: config.webhook && { ...config.webhook, allowLoopback: config.target.kind === 'emulator' },
      }),
      workflowsPath: fileURLToPath(config.buildId === null ? doors.plain : doors.versioned),
      maxCachedWorkflows: 500,
    }),
    arm(taskQueues.armRead, armPerSecond.reads),
    arm(taskQueues.armWrite, armPerSecond.writes),
  ]);
}

await runPart('worker', does, async ({ 'temporal-address': address }) => {
  const config = loadConfig();
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const place = temporalPlace(address);
  const dataConverter = createDataConverter(config.encryptionKeys);
  const clientOn = (connection: NativeConnection) =>
    new Client({ connection, namespace: place.namespace, dataConverter });
  const connect = async (options: NativeConnectionOptions): Promise<NativeConnection> => {
    const connection = await NativeConnection.connect(options);
    const client = clientOn(connection);
    await setUpNamespace(client);
    await setUpSchedule(client, config.sweep);
    return connection;
  };
  const connection = await connectPatiently(place, connect, tell);
  const all = await workers(connection, clientOn(connection), config);
  tell(`works for Temporal at ${place.connectionOptions.address}, target ${config.target.kind}`);
  if (config.buildId !== null)
    tell(
      `build ${config.buildId}; temporal worker deployment set-current-version --deployment-name moat --build-id ${config.buildId} gives it new runs`,
    );
  // SIGINT and SIGTERM are heard by Temporal's runtime, which drains all three.
  await Promise.all(all.map((worker) => worker.run()));
  await connection.close();
  process.exit(0);
});
