import { setTimeout as wait } from 'node:timers/promises';
import type { Environment } from '../domain/environment.ts';
import type { EnvironmentEvent } from './contracts.ts';
import { isUnavailable } from './unavailable.ts';
import { eventId } from './environmentReader.ts';
import type { EnvironmentReader } from './environmentReader.ts';
import { hasRunInProgress } from './environmentView.ts';

/** Interval of the reads that all watchers of an environment share. */
const readEveryMs = 250;

/** Follows environments by polling; all watchers of an environment share its reads. */
export function createWatch(reader: EnvironmentReader) {
  const recent = new Map<string, { at: number; environment: Promise<Environment> }>();

  function read(name: string): Promise<Environment> {
    const last = recent.get(name);
    if (last && Date.now() - last.at < readEveryMs) return last.environment;
    const environment = reader.get(name);
    recent.set(name, { at: Date.now(), environment });
    const forget = () =>
      setTimeout(() => recent.get(name)?.environment === environment && recent.delete(name), 2 * readEveryMs).unref();
    environment.then(forget, forget);
    return environment;
  }

  /** The environment, or its last known state while Temporal is unavailable: the stream pauses. */
  async function readNext(last: Environment): Promise<Environment> {
    try {
      return await read(last.name);
    } catch (error) {
      if (isUnavailable(error)) return last;
      throw error;
    }
  }

  async function* changes(
    first: Environment,
    lastEventId: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<EnvironmentEvent> {
    for (let environment = first, last = lastEventId; ; environment = await readNext(environment)) {
      const id = eventId(environment);
      if (id !== last) yield { id, environment };
      last = id;
      if (!hasRunInProgress(environment)) return;
      try {
        await wait(readEveryMs, undefined, { signal });
      } catch {
        return; // the watcher disconnected
      }
    }
  }

  return async function watch(
    name: string,
    lastEventId: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<EnvironmentEvent> | undefined> {
    const first = await read(name);
    if (lastEventId !== undefined && !hasRunInProgress(first)) return undefined;
    return changes(first, lastEventId, signal);
  };
}
