import { isUnrecoverable } from '../processErrors.ts';
import { waitFor } from '../wait.ts';
import type { TemporalConnection } from './connection.ts';

const limit = 120_000;

/** Connects with `connect`, retrying for two minutes: Temporal may be starting. Throws an error with the address and a remedy. */
export async function connectWithRetry<T>(
  { connectionOptions }: TemporalConnection,
  connect: (options: TemporalConnection['connectionOptions']) => Promise<T>,
  log: (line: string) => void,
): Promise<T> {
  const what = `Temporal at ${connectionOptions.address}`;
  try {
    return await waitFor({ what, limit, log }, () => connect(connectionOptions));
  } catch (error) {
    if (isUnrecoverable(error)) throw error;
    throw new Error(`Cannot connect to ${what}. Start a Temporal server or set TEMPORAL_ADDRESS`, { cause: error });
  }
}
