import { setMaxListeners } from 'node:events';
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { NativeConnectionOptions, Worker } from '@temporalio/worker';
import { loadConfig } from '../config.ts';
import { createDataConverter } from '../temporal/dataConverter.ts';
import { claimNamespace, installationIdOf } from '../temporal/installation.ts';
import { requireReadable } from '../temporal/requireReadable.ts';
import { setUpSchedule } from '../temporal/sweepSchedule.ts';
import { setUpNamespace } from '../temporal/setUpNamespace.ts';
import { setUpVerifySchedule } from '../temporal/verifySchedule.ts';
import { startObservability } from './observability/workerObservability.ts';
import { reportReady, runProcess } from './process.ts';
import { shutDownOnSignal } from './shutdown.ts';
import { connectWithRetry } from './temporal/connectWithRetry.ts';
import { createWorkers } from './workers.ts';
import { temporalConnection } from './temporal/connection.ts';

const description =
  'Runs the workflows and the activities that call Azure Resource Manager. Several may run side by side.';

/** A client cannot read the server's settings. */
const fairQueuesNote =
  'priority and fairness between owners need matching.useNewMatcher and matching.enableFairness on the Temporal server; npm start and docker-compose.yml set both';

/** Stops polling and waits until the activities and workflow tasks in progress have ended. */
async function drain(workers: readonly Worker[], running: Promise<unknown>, stopping: AbortController): Promise<void> {
  stopping.abort();
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  await running;
}

// The SDK keeps the last small buffer of each workflow, and with it the block of memory that it was cut from: 64 KB by Node.js's default.
Buffer.poolSize = 4 * 1024;

await runProcess('worker', description, async ({ 'temporal-address': address }, logger) => {
  const logLine = (line: string): void => logger.info(line);
  const config = loadConfig(undefined, (message) => logger.warn(message));
  const observability = await startObservability(config, logger);
  const temporal = temporalConnection(address);
  const { namespace } = temporal;
  const server = temporal.connectionOptions.address;
  const dataConverter = createDataConverter(config.encryptionKeys);
  const interceptors = { workflow: observability.clientInterceptors };
  const clientOn = (connection: NativeConnection) => new Client({ connection, namespace, dataConverter, interceptors });
  const connect = async (options: NativeConnectionOptions): Promise<NativeConnection> => {
    const connection = await NativeConnection.connect(options);
    const client = clientOn(connection);
    await claimNamespace(client, installationIdOf(config.sealKey), server);
    await setUpNamespace(client);
    await requireReadable(client, server);
    await setUpSchedule(client, config.sweep);
    await setUpVerifySchedule(client, config.verifyIntervalMs);
    return connection;
  };
  const connection = await connectWithRetry(temporal, connect, logLine);
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  const workers = await createWorkers(connection, clientOn(connection), config, observability, stopping.signal);
  const running = Promise.all(workers.map((worker) => worker.run()));
  shutDownOnSignal(
    [
      { name: 'drainActivities', limitMs: 20_000, run: () => drain(workers, running, stopping) },
      {
        name: 'closeConnections',
        limitMs: 5_000,
        run: () => Promise.all([connection.close(), observability.shutdown()]),
      },
    ],
    logLine,
  );
  reportReady(logger, `Temporal ${server}, target ${config.target.kind}`);
  logLine(fairQueuesNote);
  if (config.buildId !== null)
    logLine(
      `build ${config.buildId}: to route new runs to it, run temporal worker deployment set-current-version --deployment-name moat --build-id ${config.buildId}`,
    );
  await running;
});
