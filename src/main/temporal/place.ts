import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnectionOptions } from '@temporalio/worker';

/** How to reach Temporal. */
export interface TemporalPlace {
  connectionOptions: NativeConnectionOptions & { address: string };
  namespace: string;
}

/** Where the standard TEMPORAL_* variables and profiles say that Temporal is; undefined when they name no address. */
export function configuredTemporal(): TemporalPlace | undefined {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const { address } = connectionOptions;
  return address === undefined
    ? undefined
    : { connectionOptions: { ...connectionOptions, address }, namespace: namespace ?? 'default' };
}

const local = (address: string): TemporalPlace => ({ connectionOptions: { address }, namespace: 'default' });

/** The development server at `address`, or what is configured, or the usual local server. */
export function temporalPlace(address: string | undefined): TemporalPlace {
  return address === undefined ? (configuredTemporal() ?? local('127.0.0.1:7233')) : local(address);
}
