import { loadClientConnectConfig } from '@temporalio/envconfig';
import { Client, Connection } from '@temporalio/client';

/** The address and namespace that the standard `TEMPORAL_*` variables and profiles name; a dev server's when they name none. */
export function temporalConfig() {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  return {
    connectionOptions: { ...connectionOptions, address: connectionOptions.address ?? '127.0.0.1:7233' },
    namespace: namespace ?? 'default',
  };
}

/** Connects to Temporal. Throws where nothing answers. */
export async function connectTemporal(): Promise<Client> {
  const { connectionOptions, namespace } = temporalConfig();
  return new Client({ connection: await Connection.connect(connectionOptions), namespace });
}
