import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { createActivities } from '../activities/index.ts';
import { createProofActivities } from '../activities/proofs/proofActivities.ts';
import { createSweepActivities } from '../activities/sweep/sweepActivities.ts';
import { connectAzure } from '../azure/connectAzure.ts';
import type { Azure } from '../azure/connectAzure.ts';
import { loadConfig } from '../config.ts';
import type { Config, TargetConfig } from '../config.ts';
import { createDataConverter } from '../temporal/dataConverter.ts';
import type { SweepSettings } from '../domain/sweep/gateway.ts';
import { claimNamespace, installationIdOf } from '../temporal/installation.ts';
import { createSweepGateway } from '../temporal/sweepGateway.ts';
import { createReadyEnvironments } from '../temporal/readyEnvironments.ts';
import { catchUpMs, setUpSchedule } from '../temporal/sweepSchedule.ts';
import { setUpNamespace } from '../temporal/setUpNamespace.ts';
import { setUpVerifySchedule } from '../temporal/verifySchedule.ts';
import { taskQueues } from '../workflows/messages.ts';
import { workflowBundle } from './workflowBundle.ts';
import { awaitCertificate, readCertificate } from './certificate.ts';
import { log, reportReady, runProcess } from './process.ts';
import { shutDownOnSignal } from './shutdown.ts';
import { connectWithRetry } from './temporal/connectWithRetry.ts';
import { temporalConnection } from './temporal/connection.ts';

const description =
  'Runs the workflows and the activities that call Azure Resource Manager. Several may run side by side.';
const logLine = (line: string): void => log('worker', line);

/**
 * ARM refills a subscription's buckets with 25 reads and 10 writes a second (Azure docs: Azure Resource Manager throttling). Most attempts on the
 * write queue are polls, so that it has the limit of reads; within it, `rateLimitPolicy` keeps each kind of request to its own bucket.
 */
const armPerSecond = { reads: 25, writes: 25 };

/** A client cannot read the server's settings. */
const fairQueuesNote =
  'priority and fairness between owners need matching.useNewMatcher and matching.enableFairness on the Temporal server; npm start and docker-compose.yml set both';

/** Activities that run when the worker is stopped may finish within this time; then they are cancelled. */
const activityGraceTime = '10s';

/** Connects to the target; to the emulator once it has created its certificate authority. */
async function connectTarget(target: TargetConfig, subscriptionIds: readonly string[]): Promise<Azure> {
  const { endpoint, caFile } = target;
  if (target.kind === 'azure') {
    const ca = caFile === undefined ? undefined : await readCertificate(caFile, 'MOAT_ARM_CA');
    return connectAzure({ kind: 'azure', ...(endpoint && { endpoint }), ...(ca && { ca }) }, subscriptionIds);
  }
  const { timeScale } = target;
  const ca = await awaitCertificate(target.caFile, logLine);
  return connectAzure({ kind: 'emulator', endpoint: target.endpoint, ca, timeScale }, subscriptionIds);
}

/** Pins each run to the build that it started on; other workflow types declare their own versioning behavior. */
const versioned = (buildId: string) =>
  ({
    version: { deploymentName: 'moat', buildId },
    useWorkerVersioning: true,
    defaultVersioningBehavior: 'PINNED',
  }) as const;

/** The sweep settings of this worker. */
const sweepSettings = ({ sweep, subscriptionIds, target, webhook }: Config): SweepSettings => ({
  mode: sweep.mode,
  policy: { graceMs: sweep.graceMs, cap: sweep.cap, dailyCap: sweep.dailyCap, subscriptionIds },
  timing: { intervalMs: sweep.intervalMs, catchUpMs: catchUpMs(sweep) },
  target: target.kind,
  webhook: webhook !== null,
});

async function createWorkers(connection: NativeConnection, client: Client, config: Config): Promise<Worker[]> {
  const azure = await connectTarget(config.target, config.subscriptionIds);
  const activities = createActivities({
    azure,
    sealKey: config.sealKey,
    allowPrivateRepositories: config.allowPrivateRepositories,
  });
  // The emulator's clock runs faster, and its token buckets refill faster.
  const speed = config.target.kind === 'emulator' ? 1 / config.target.timeScale : 1;
  const dataConverter = createDataConverter(config.encryptionKeys);
  const common = {
    connection,
    namespace: client.options.namespace,
    dataConverter,
    shutdownGraceTime: activityGraceTime,
    ...(config.buildId !== null && { workerDeploymentOptions: versioned(config.buildId) }),
  } as const;
  const arm = (taskQueue: string, perSecond: number): Promise<Worker> =>
    Worker.create({ ...common, taskQueue, activities, maxTaskQueueActivitiesPerSecond: perSecond * speed });
  return Promise.all([
    Worker.create({
      ...common,
      taskQueue: taskQueues.workflows,
      activities: {
        ...createSweepActivities({
          gateway: createSweepGateway(client, sweepSettings(config)),
          webhook: config.webhook && { ...config.webhook, allowLoopback: config.target.kind === 'emulator' },
        }),
        ...createProofActivities(createReadyEnvironments(client)),
      },
      workflowBundle: await workflowBundle({
        kind: config.buildId === null ? 'plain' : 'versioned',
        failureConverterPath: dataConverter.failureConverterPath,
        logger: Runtime.instance().logger,
      }),
      maxCachedWorkflows: 500,
    }),
    arm(taskQueues.armRead, armPerSecond.reads),
    arm(taskQueues.armWrite, armPerSecond.writes),
  ]);
}

/** Stops polling and waits until the activities and workflow tasks in progress have ended. */
async function drain(workers: readonly Worker[], running: Promise<unknown>): Promise<void> {
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  await running;
}

await runProcess('worker', description, async ({ 'temporal-address': address }) => {
  const config = loadConfig();
  // Signals are handled by shutDownOnSignal, not by Temporal's runtime.
  Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: [] });
  const temporal = temporalConnection(address);
  const { namespace } = temporal;
  const server = temporal.connectionOptions.address;
  const dataConverter = createDataConverter(config.encryptionKeys);
  const clientOn = (connection: NativeConnection) => new Client({ connection, namespace, dataConverter });
  const connect = async (options: NativeConnectionOptions): Promise<NativeConnection> => {
    const connection = await NativeConnection.connect(options);
    const client = clientOn(connection);
    await claimNamespace(client, installationIdOf(config.sealKey), server);
    await setUpNamespace(client);
    await setUpSchedule(client, config.sweep);
    await setUpVerifySchedule(client, config.verifyIntervalMs);
    return connection;
  };
  const connection = await connectWithRetry(temporal, connect, logLine);
  const workers = await createWorkers(connection, clientOn(connection), config);
  const running = Promise.all(workers.map((worker) => worker.run()));
  shutDownOnSignal(
    [
      { name: 'drainActivities', limitMs: 20_000, run: () => drain(workers, running) },
      { name: 'closeConnections', limitMs: 5_000, run: () => connection.close() },
    ],
    logLine,
  );
  reportReady('worker', `Temporal ${server}, target ${config.target.kind}`);
  logLine(fairQueuesNote);
  if (config.buildId !== null)
    logLine(
      `build ${config.buildId}: to route new runs to it, run temporal worker deployment set-current-version --deployment-name moat --build-id ${config.buildId}`,
    );
  await running;
});
