import { waitFor } from '../wait.ts';
import type { TemporalPlace } from './place.ts';

const limit = 120_000;

/** Connects with `connect`, again and again for two minutes: Temporal may be starting. Throws an error that tells the address and what to do. */
export async function connectPatiently<T>(
  place: TemporalPlace,
  connect: (options: TemporalPlace['connectionOptions']) => Promise<T>,
  tell: (line: string) => void,
): Promise<T> {
  const what = `Temporal at ${place.connectionOptions.address}`;
  try {
    return await waitFor({ what, limit, tell }, () => connect(place.connectionOptions));
  } catch (error) {
    throw new Error(`${what} does not answer. Start it, or set TEMPORAL_ADDRESS`, { cause: error });
  }
}
