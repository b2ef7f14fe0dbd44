import { Client } from '@temporalio/client';
import type { ConnectionOptions } from '@temporalio/client';
import moat from '../../package.json' with { type: 'json' };
import { buildApp } from '../api/app.ts';
import { proofKeyOf } from '../api/proof/proofKey.ts';
import { createTargetReadiness } from '../azure/targetReadiness.ts';
import { loadConfig } from '../config.ts';
import { createDataConverter } from '../temporal/dataConverter.ts';
import { createEnvironments } from '../temporal/environments.ts';
import { claimNamespace, installationIdOf } from '../temporal/installation.ts';
import { createCodec } from '../temporal/payloadCodec.ts';
import { requireReadable } from '../temporal/requireReadable.ts';
import { setUpNamespace } from '../temporal/setUpNamespace.ts';
import { createMoves } from '../temporal/moves.ts';
import { createPlans } from '../temporal/plans.ts';
import { createSweepScheduleReader } from '../temporal/sweepSchedule.ts';
import { createSweeps } from '../temporal/sweeps.ts';
import { createAuthentication } from './authentication.ts';
import { withPortRemedy } from './processErrors.ts';
import { consoleDirectory } from './consoleBuild.ts';
import { startObservability } from './observability/apiObservability.ts';
import { reportReady, runProcess } from './process.ts';
import { shutDownOnSignal } from './shutdown.ts';
import { connectClient } from './temporal/connectClient.ts';
import { connectWithRetry } from './temporal/connectWithRetry.ts';
import { temporalConnection } from './temporal/connection.ts';

const description = 'Serves the HTTP API: starts runs and reports their progress. Several may run side by side.';

await runProcess('api', description, async ({ 'temporal-address': address, 'temporal-ui': ui }, logger) => {
  const logLine = (line: string): void => logger.info(line);
  const config = loadConfig(undefined, (message) => logger.warn(message));
  const observability = await startObservability(config);
  const temporal = temporalConnection(address);
  const { namespace } = temporal;
  const server = temporal.connectionOptions.address;
  const dataConverter = createDataConverter(config.encryptionKeys);
  const temporalUi = ui ?? config.temporalUi;
  const connect = async (options: ConnectionOptions): Promise<Client> => {
    const { interceptors } = observability;
    const client = new Client({
      connection: await connectClient(options),
      namespace,
      dataConverter,
      interceptors,
    });
    await claimNamespace(client, installationIdOf(config.sealKey), server);
    await setUpNamespace(client);
    await requireReadable(client, server);
    return client;
  };
  const client = await connectWithRetry(temporal, connect, logLine);
  const timeScale = config.target.kind === 'emulator' ? config.target.timeScale : 1;
  const environments = createEnvironments(client, {
    target: config.target.kind,
    subscriptionId: config.subscriptionIds[0],
    temporalUi,
    timeScale,
    policy: config.policy,
  });
  const { host, port } = config.api;
  const app = await buildApp({
    environments,
    sweeps: createSweeps(client),
    sweepSchedule: createSweepScheduleReader(client, config.sweep),
    plans: createPlans(client, { subscriptionId: config.subscriptionIds[0], timeScale, policy: config.policy }),
    moves: createMoves(client, environments, config.subscriptionIds[0]),
    config,
    version: moat.version,
    temporal: { address: server, namespace, ui: temporalUi ?? null },
    consoleDirectory,
    proofKey: proofKeyOf(config.sealKey),
    ...createAuthentication(config, logLine),
    targetReady: createTargetReadiness(config.target),
    loggerInstance: logger,
    ...(observability.requestSpans && { requestSpans: observability.requestSpans }),
    codec: { ...createCodec(config.encryptionKeys), temporalUi },
  });
  const url = await app.listen({ host, port }).catch((error: Error) => {
    throw withPortRemedy(error, 'MOAT_PORT');
  });
  shutDownOnSignal(
    [
      { name: 'finishRequests', limitMs: 10_000, run: () => app.close() },
      {
        name: 'closeConnections',
        limitMs: 5_000,
        run: () => Promise.all([client.connection.close(), observability.shutdown()]),
      },
    ],
    logLine,
  );
  reportReady(logger, `${url}, Temporal ${server}`);
});
