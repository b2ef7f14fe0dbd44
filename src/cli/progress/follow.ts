import { setTimeout as sleep } from 'node:timers/promises';
import { watchEnvironment } from '../../client/index.ts';
import type { Environment } from '../../client/index.ts';
import type { Api } from '../api/moatClient.ts';
import { CliError } from '../cliError.ts';
import { exitCodes } from '../exitCodes.ts';

/** Milliseconds between two attempts to open the stream. */
const reconnectMs = 500;
/** Milliseconds after which a lost connection counts as lost for good. */
const giveUpMs = 300_000;

export interface Follow {
  api: Api;
  name: string;
  signal: AbortSignal;
  /** called once when the connection is lost */
  onLost?: (error: Error) => void;
}

/** Whether a run is in progress or about to start. */
export const hasRunInProgress = ({ run, state }: Pick<Environment, 'run' | 'state'>): boolean =>
  run !== null || state === 'provisioning' || state === 'deleting';

const isFinal = (error: unknown): boolean => error instanceof CliError && error.exitCode !== exitCodes.unreachable;

/** The states of one connection. Throws when it is refused or lost. */
async function* openStream({ api, name, signal }: Follow): AsyncGenerator<Environment> {
  let failure: unknown;
  const { stream } = await watchEnvironment({
    client: api.client,
    path: { name },
    signal,
    // Each stream begins with the current state, so that a new one needs no Last-Event-ID.
    sseMaxRetryAttempts: 1,
    onSseError: (error) => {
      failure = error;
    },
  });
  for await (const data of stream) yield data as unknown as Environment;
  signal.throwIfAborted();
  if (failure !== undefined) throw failure;
}

/**
 * Each state of an environment, the current one first, until no run is in progress. Reconnects when the connection is lost: Moat may be
 * restarted meanwhile. Throws the reason of the signal, a refusal, or the last error after five minutes without a connection.
 */
export async function* statesOf(follow: Follow): AsyncGenerator<Environment> {
  const { signal, onLost } = follow;
  for (let lostAt: number | undefined; ; await sleep(reconnectMs, undefined, { signal })) {
    let last: Environment | undefined;
    try {
      for await (const environment of openStream(follow)) {
        lostAt = undefined;
        last = environment;
        yield environment;
      }
      if (last !== undefined && !hasRunInProgress(last)) return;
    } catch (error) {
      if (signal.aborted || isFinal(error)) throw error;
      if (lostAt === undefined) onLost?.(error as Error);
      lostAt ??= Date.now();
      if (Date.now() - lostAt > giveUpMs) throw error;
    }
  }
}
