import { setTimeout as wait } from 'node:timers/promises';
import type { ActiveEnvironment, ActiveReader } from './activeEnvironments.ts';
import { currentRun } from './environmentView.ts';

/** Each takes one long poll, and two describes for a change. */
const maxFollowed = 10;
/** After a long poll that failed. */
const pollAgainMs = 1_000;

/** Follows the histories of runs in progress, ten at a time, because visibility lags behind the workflows. */
export class FollowedRuns {
  readonly #reader: Pick<ActiveReader, 'followRun'>;
  readonly #onChange: (name: string) => void;
  /** by name and id of the run */
  readonly #followed = new Map<string, AbortController>();

  /** `onChange` is called with the environment's name when its run has changed. */
  constructor(reader: Pick<ActiveReader, 'followRun'>, onChange: (name: string) => void) {
    this.#reader = reader;
    this.#onChange = onChange;
  }

  /** Follows runs of these environments only. */
  follow(active: Iterable<ActiveEnvironment>): void {
    const runs = new Map([...active].flatMap(runInProgress));
    for (const [key, stop] of this.#followed) {
      if (runs.has(key)) continue;
      this.#followed.delete(key);
      stop.abort();
    }
    for (const [key, run] of runs) {
      if (this.#followed.size >= maxFollowed) return;
      if (this.#followed.has(key)) continue;
      const stop = new AbortController();
      this.#followed.set(key, stop);
      void this.#read(run, stop.signal);
    }
  }

  close(): void {
    this.follow([]);
  }

  async #read({ name, id }: { name: string; id: string }, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const _ of this.#reader.followRun(name, id, signal)) this.#onChange(name);
        // The run has ended, and the environment's workflow learns it about now.
        this.#onChange(name);
        return;
      } catch {
        // Temporal is unavailable, or there are too many long polls: visibility is read all the same.
        await wait(pollAgainMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}

/** Its run in progress, where its steps are the ones shown. */
function runInProgress({ stored: { record, runs } }: ActiveEnvironment): [string, { name: string; id: string }][] {
  const { run, name } = record;
  return run && currentRun(record, runs)?.id === run.id ? [[`${name} ${run.id}`, { name, id: run.id }]] : [];
}
