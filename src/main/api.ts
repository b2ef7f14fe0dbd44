import closeWithGrace from 'close-with-grace';
import { Client, Connection } from '@temporalio/client';
import type { ConnectionOptions } from '@temporalio/client';
import moat from '../../package.json' with { type: 'json' };
import { buildApp } from '../api/app.ts';
import { createTargetReadiness } from '../azure/readiness.ts';
import { loadConfig } from '../config.ts';
import { createCodec } from '../temporal/payloadCodec.ts';
import { createDataConverter } from '../temporal/dataConverter.ts';
import { createEnvironments } from '../temporal/environments.ts';
import { createSweeps } from '../temporal/sweeps.ts';
import { setUpNamespace } from '../temporal/setUpNamespace.ts';
import { runPart, say } from './part.ts';
import { connectPatiently } from './temporal/connect.ts';
import { temporalPlace } from './temporal/place.ts';

const does = 'The HTTP API: starts runs, shows their progress. Several may run side by side.';
const tell = (line: string): void => say('api', line);

await runPart('api', does, async ({ 'temporal-address': address, 'temporal-ui': ui }) => {
  const config = loadConfig();
  const place = temporalPlace(address);
  const dataConverter = createDataConverter(config.encryptionKeys);
  const temporalUi = ui ?? config.temporalUi;
  const connect = async (options: ConnectionOptions): Promise<Connection> => {
    const connection = await Connection.connect(options);
    await setUpNamespace(new Client({ connection, namespace: place.namespace, dataConverter }));
    return connection;
  };
  const connection = await connectPatiently(place, connect, tell);
  const client = new Client({ connection, namespace: place.namespace, dataConverter });
  const environments = createEnvironments(client, {
    target: config.target.kind,
    subscriptionId: config.subscriptionIds[0],
    temporalUi,
  });
  const app = await buildApp({
    environments,
    sweeps: createSweeps(client),
    config,
    version: moat.version,
    targetReady: createTargetReadiness(config.target),
    logger: { level: 'warn' },
    ...(config.encryptionKeys.length > 0 && { codec: { ...createCodec(config.encryptionKeys), temporalUi } }),
  });
  const url = await app.listen({ host: config.api.host, port: config.api.port });
  tell(`${url}, Temporal at ${place.connectionOptions.address}`);
  closeWithGrace({ delay: 10_000 }, async () => {
    await app.close();
    await connection.close();
  });
});
