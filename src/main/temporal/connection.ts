import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnectionOptions } from '@temporalio/worker';

/** The Temporal server and namespace to connect to. */
export interface TemporalConnection {
  connectionOptions: NativeConnectionOptions & { address: string };
  namespace: string;
}

/** The connection in the standard TEMPORAL_* variables and profiles; undefined when they contain no address. */
export function configuredConnection(): TemporalConnection | undefined {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const { address } = connectionOptions;
  return address === undefined
    ? undefined
    : { connectionOptions: { ...connectionOptions, address }, namespace: namespace ?? 'default' };
}

const local = (address: string): TemporalConnection => ({ connectionOptions: { address }, namespace: 'default' });

/** The development server at `address`, or else the configured server, or else a local one at the default port. */
export function temporalConnection(address: string | undefined): TemporalConnection {
  return address === undefined ? (configuredConnection() ?? local('127.0.0.1:7233')) : local(address);
}
