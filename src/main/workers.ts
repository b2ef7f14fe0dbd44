import type { Client } from '@temporalio/client';
import { Runtime, Worker } from '@temporalio/worker';
import type { NativeConnection } from '@temporalio/worker';
import { createEnvironmentActivities } from '../activities/environment/environmentActivities.ts';
import { createActivities } from '../activities/index.ts';
import { createMoveActivities } from '../activities/moves/moveActivities.ts';
import { createProofActivities } from '../activities/proofs/proofActivities.ts';
import { createSweepActivities } from '../activities/sweep/sweepActivities.ts';
import { connectAzure } from '../azure/connectAzure.ts';
import type { Azure } from '../azure/connectAzure.ts';
import type { Config } from '../config.ts';
import { createDataConverter } from '../temporal/dataConverter.ts';
import type { SweepSettings } from '../domain/sweep/gateway.ts';
import { createEnvironmentGateway } from '../temporal/environmentGateway.ts';
import { createMoveGateway } from '../temporal/moveGateway.ts';
import { createReadyEnvironments } from '../temporal/readyEnvironments.ts';
import { createSweepGateway } from '../temporal/sweepGateway.ts';
import { catchUpMs } from '../temporal/sweepSchedule.ts';
import { taskQueues } from '../workflows/messages.ts';
import { createActivitySlots } from './activitySlots.ts';
import { awaitCertificate, readCertificate } from './certificate.ts';
import type { WorkerObservability } from './observability/workerObservability.ts';
import { workflowBundle } from './workflowBundle.ts';

/**
 * ARM refills a subscription's buckets with 25 reads and 10 writes a second (Azure docs: Azure Resource Manager throttling). Most attempts on the
 * write queue are polls, so that it has the limit of reads; within it, `rateLimitPolicy` keeps each kind of request to its own bucket.
 */
const armPerSecond = { reads: 25, writes: 25 };

/**
 * Attempts that work at once; one that waits between its polls does not count. Few beside the emulator, which shares the processor: the others wait on
 * the server, in the order of their priority, and what goes first has a reserve (ADR 43). Azure takes up to seconds to answer, and its rate is the
 * limit there: more attempts are needed to reach it.
 */
const armSlots = { emulator: { reads: 24, writes: 8 }, azure: { reads: 100, writes: 40 } };

/** Attempts at once, with those that wait: they cost memory and heartbeats only. */
const armAttempts = 2_000;

/** The workers of ARM's queues have activities only. */
const one = { type: 'fixed-size', numSlots: 1 } as const;
const noOtherTasks = {
  workflowTaskSlotSupplier: one,
  localActivityTaskSlotSupplier: one,
  nexusTaskSlotSupplier: one,
};

/** What an attempt waits for is read from its heartbeat details, which are at most so old. Each costs the server a write: every 2 s, a run took 0.15 s more processor time. */
const heartbeatInterval = '5s';

/**
 * A run is two workflows, of which a waiting one keeps some 80 KB (ADR 44): so many cost 120 MB. One that is not in the cache is read again from its
 * history for each of its tasks.
 */
const cachedWorkflows = 1_500;

/** Activities that run when the worker is stopped may finish within this time; then they are cancelled. */
const activityGraceTime = '10s';

/**
 * A retried attempt costs the server and the worker about 4 ms of processor time (ADR 28): for waits up to this time, an attempt polls again
 * itself. Azure's own waits are mostly longer; the emulator's are as many times shorter as its clock is faster.
 */
const shortWaitMs = 2_000;

/** Connects to the target; to the emulator once it has created its certificate authority. */
async function connectTarget(
  { target, subscriptionIds }: Config,
  { logger, armObservers }: WorkerObservability,
): Promise<Azure> {
  const { endpoint, caFile } = target;
  if (target.kind === 'azure') {
    const ca = caFile === undefined ? undefined : await readCertificate(caFile, 'MOAT_ARM_CA');
    const azure = { kind: 'azure', ...(endpoint && { endpoint }), ...(ca && { ca }) } as const;
    return connectAzure(azure, subscriptionIds, armObservers);
  }
  const { timeScale } = target;
  const ca = await awaitCertificate(target.caFile, (line) => logger.info(line));
  return connectAzure({ kind: 'emulator', endpoint: target.endpoint, ca, timeScale }, subscriptionIds, armObservers);
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

/** The worker of the workflows, and one for each queue of requests to ARM. `stopping`: aborted when they are about to stop. */
export async function createWorkers(
  connection: NativeConnection,
  client: Client,
  config: Config,
  observability: WorkerObservability,
  stopping: AbortSignal,
): Promise<Worker[]> {
  const azure = await connectTarget(config, observability);
  // The emulator's clock runs faster, and its token buckets refill faster.
  const speed = config.target.kind === 'emulator' ? 1 / config.target.timeScale : 1;
  const slots = armSlots[config.target.kind];
  const dataConverter = createDataConverter(config.encryptionKeys);
  // The number of pollers is the SDK's default: with `autoscaling`, the workflow tasks of a hundred runs waited for 3 to 5 s each (ADR 26).
  const common = {
    connection,
    namespace: client.options.namespace,
    dataConverter,
    shutdownGraceTime: activityGraceTime,
    maxHeartbeatThrottleInterval: heartbeatInterval,
    interceptors: { activity: observability.activityInterceptors },
    ...(config.buildId !== null && { workerDeploymentOptions: versioned(config.buildId) }),
  } as const;
  const arm = (taskQueue: string, perSecond: number, limit: number): Promise<Worker> => {
    const supplier = createActivitySlots({ limit, attempts: armAttempts });
    return Worker.create({
      ...common,
      taskQueue,
      activities: createActivities({
        azure,
        sealKey: config.sealKey,
        allowPrivateRepositories: config.allowPrivateRepositories,
        shortWaits: { limitMs: shortWaitMs, stopping, slots: supplier },
      }),
      maxTaskQueueActivitiesPerSecond: perSecond * speed,
      tuner: { ...noOtherTasks, activityTaskSlotSupplier: supplier },
    });
  };
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
        ...createEnvironmentActivities(createEnvironmentGateway(client)),
        ...createMoveActivities(createMoveGateway(client)),
      },
      workflowBundle: await workflowBundle({
        kind: config.buildId === null ? 'plain' : 'versioned',
        failureConverterPath: dataConverter.failureConverterPath,
        logger: Runtime.instance().logger,
      }),
      sinks: observability.sinks,
      maxCachedWorkflows: cachedWorkflows,
    }),
    arm(taskQueues.armRead, armPerSecond.reads, slots.reads),
    arm(taskQueues.armWrite, armPerSecond.writes, slots.writes),
  ]);
}
