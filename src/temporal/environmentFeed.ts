import { EventEmitter, once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { environmentWorkflowId, runWorkflowId } from '../workflows/messages.ts';
import type { EnvironmentEvent } from './contracts.ts';
import { eventId } from './environmentReader.ts';
import type { EnvironmentReader, StoredEnvironment } from './environmentReader.ts';
import { currentRun, hasRunInProgress } from './environmentView.ts';
import type { Feed } from './feedShare.ts';
import { historyChanges } from './historyChanges.ts';
import { isUnavailable } from './unavailable.ts';

/** An environment is read at most once in this time. */
const readEveryMs = 200;
/** After a long poll that ended or failed, the environment is read and the poll started again. */
const pollAgainMs = 1_000;
/** An attempt's failure is visible about this time after the attempt started. */
const attemptMs = 250;
/** Bounds of the time between two reads of a run without an event in its history: its pending activities fail without one. */
const refreshMs = { min: 1_000, max: 10_000, nextAttempt: 30_000 };
/** The environment's own workflow is also read without an event: failing workflow tasks leave none. */
const environmentMaxAgeMs = 30_000;

/** When to read a run again: when an activity's next attempt is due; else later each time that nothing has changed. */
function refreshIn(nextAttemptAt: number | null, unchanged: number): number {
  const dueMs = (nextAttemptAt ?? 0) - Date.now();
  if (dueMs > 0) return Math.min(Math.max(dueMs + attemptMs, refreshMs.min), refreshMs.nextAttempt);
  return Math.min(refreshMs.min * 2 ** unchanged, refreshMs.max);
}

/**
 * The states of one environment, for all its watchers: two long polls follow the histories of its workflow and of its run in progress, and an
 * event in one is followed by a describe of that workflow. Ends by itself when no run is in progress; `close` ends it earlier.
 */
export class EnvironmentFeed implements Feed {
  /** emits `change` after `latest`, `ended` or `error` has changed */
  readonly changes = new EventEmitter().setMaxListeners(0);
  latest: EnvironmentEvent | undefined;
  ended = false;
  error: unknown;
  readonly #client: Client;
  readonly #reader: EnvironmentReader;
  readonly #name: string;
  readonly #stop = new AbortController();
  readonly #events = new EventEmitter();
  #stored: StoredEnvironment | undefined;
  #storedAt = 0;
  #stale = false;
  #nextAttemptAt: number | null = null;
  #unchanged = 0;
  #run: { id: string; stop: AbortController } | undefined;

  constructor(client: Client, reader: EnvironmentReader, name: string) {
    this.#client = client;
    this.#reader = reader;
    this.#name = name;
  }

  /** Reads the environment, and begins to follow it where a run is in progress. Throws what the reader throws. */
  async open(): Promise<void> {
    await this.#read();
    if (this.ended || this.#stop.signal.aborted) return;
    void this.#follow(environmentWorkflowId(this.#name), this.#stop.signal, () => (this.#storedAt = 0));
    void this.#readOnChange();
  }

  close(): void {
    this.ended = true;
    this.#stop.abort();
    this.#run?.stop.abort();
  }

  /** Marks the environment as stale after each event of a history. */
  async #follow(workflowId: string, signal: AbortSignal, onEvent: () => void): Promise<void> {
    const mark = (): void => {
      onEvent();
      this.#stale = true;
      this.#events.emit('stale');
    };
    while (!signal.aborted) {
      try {
        for await (const _ of historyChanges(this.#client, workflowId, signal)) mark();
      } catch {
        // the workflow does not exist yet, Temporal is unavailable, or there are too many long polls: read without one
      }
      if (signal.aborted) return;
      mark();
      await wait(pollAgainMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #readOnChange(): Promise<void> {
    try {
      while (!this.ended) {
        await wait(readEveryMs, undefined, { signal: this.#stop.signal });
        await this.#untilStale(refreshIn(this.#nextAttemptAt, this.#unchanged));
        await this.#read().catch((error: unknown) => this.#pause(error));
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) this.error = error;
    }
    this.close();
    this.changes.emit('change');
  }

  /** While Temporal is unavailable, the streams pause. Rethrows other errors. */
  async #pause(error: unknown): Promise<void> {
    if (!isUnavailable(error)) throw error;
    this.#stale = true;
    await wait(pollAgainMs, undefined, { signal: this.#stop.signal });
  }

  async #untilStale(limitMs: number): Promise<void> {
    if (this.#stale) return;
    const done = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, done.signal]);
    try {
      await Promise.race([once(this.#events, 'stale', { signal }), wait(limitMs, undefined, { signal })]);
    } finally {
      done.abort();
    }
  }

  async #read(): Promise<void> {
    this.#stale = false;
    if (!this.#stored || Date.now() - this.#storedAt > environmentMaxAgeMs) {
      const readAt = Date.now();
      // an event that arrives while it is being read makes it stale again
      this.#storedAt = readAt;
      this.#stored = await this.#reader.getStored(this.#name).catch((error: unknown) => {
        this.#storedAt = 0;
        throw error;
      });
    }
    const { environment, nextAttemptAt } = await this.#reader.readProgress(this.#stored);
    const id = eventId(environment);
    this.#unchanged = id === this.latest?.id ? this.#unchanged + 1 : 0;
    this.#nextAttemptAt = nextAttemptAt;
    if (id !== this.latest?.id) this.latest = { id, environment };
    this.ended ||= !hasRunInProgress(environment);
    this.#followRun(this.#stored);
    this.changes.emit('change');
  }

  /** Follows the run in progress, where it is the one whose steps are shown. */
  #followRun({ record, runs }: StoredEnvironment): void {
    const shown = currentRun(record, runs)?.id;
    const id = !this.ended && shown === record.run?.id ? shown : undefined;
    if (id === this.#run?.id) return;
    this.#run?.stop.abort();
    this.#run = id === undefined ? undefined : { id, stop: new AbortController() };
    if (this.#run) void this.#follow(runWorkflowId(this.#name, this.#run.id), this.#run.stop.signal, () => undefined);
  }
}
