import { EventEmitter, once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { queriesFor } from './activeEnvironments.ts';
import type { ActiveEnvironment, ActiveReader } from './activeEnvironments.ts';
import type { ListEvent } from './contracts.ts';
import type { Feed } from './feedShare.ts';
import { FollowedRuns } from './followedRuns.ts';
import { ListState, lagMs, overlapMs } from './listState.ts';
import { isUnavailable } from './unavailable.ts';

/** From one read of visibility to the next, while something is active: a cluster answers ten calls a second, and this makes four at most. */
const activeMs = { least: 500, perQuery: 250 };
const quietMs = 1_000;
/** The least pause after a read. */
const pauseMs = 200;
/** Watchers that reconnect within this time share a query. */
const missedKeptMs = 1_000;
/** A reconnection receives the changes of this time at most. */
const replayMs = 3_600_000;

type Environments = ReadonlyMap<string, ActiveEnvironment>;

const eventOf = ({ environment }: ActiveEnvironment, readAt: number): ListEvent => ({
  id: new Date(readAt).toISOString(),
  environment,
});

/**
 * The changes of all environments, for all watchers of the list: at most four queries a second while an environment is active, else one. What
 * `touched` names, with its event `environment`, is described at once, and so is the environment of a followed run that has changed.
 */
export class ListFeed implements Feed {
  /** emits `change` with an array of `ListEvent`; then `ended` and `error` may have changed */
  readonly changes = new EventEmitter().setMaxListeners(0);
  ended = false;
  error: unknown;
  readonly #reader: ActiveReader;
  readonly #state: ListState;
  readonly #touched: EventEmitter;
  readonly #runs: FollowedRuns;
  readonly #stop = new AbortController();
  readonly #waiting = new Set<string>();
  #dueAt = 0;
  #missed: { since: number; at: number; environments: Promise<Environments> } | undefined;

  constructor(reader: ActiveReader, touched: EventEmitter) {
    this.#reader = reader;
    this.#state = new ListState(reader);
    this.#touched = touched;
    this.#runs = new FollowedRuns(reader, (name) => touched.emit('environment', name));
  }

  async open(): Promise<void> {
    this.#touched.on('environment', this.#touch);
    await this.#read();
    if (!this.ended) void this.#readOn();
  }

  close(): void {
    this.ended = true;
    this.#touched.off('environment', this.#touch);
    this.#runs.close();
    this.#stop.abort();
  }

  /** Environments with a run in progress, and those that have changed since `lastEventId` or in the last seconds. */
  async current(lastEventId: string | undefined): Promise<ListEvent[]> {
    const since = Date.parse(lastEventId ?? '');
    const missed = since < this.#state.readAt - lagMs ? await this.#readMissed(since) : [];
    const all = new Map([...missed, ...this.#state.active]);
    return [...all.values()].map((active) => eventOf(active, this.#state.readAt));
  }

  /** Watchers of a list have the same last event: when they all reconnect, they share one query. */
  #readMissed(since: number): Promise<Environments> {
    if (this.#missed?.since !== since || Date.now() - this.#missed.at > missedKeptMs) {
      const from = Math.max(since, Date.now() - replayMs) - overlapMs;
      const request = { since: from, known: this.#state.active, lostSince: from };
      this.#missed = { since, at: Date.now(), environments: this.#reader.readActive(request) };
    }
    return this.#missed.environments;
  }

  readonly #touch = (name: string): void => void this.#waiting.add(name);

  async #readOn(): Promise<void> {
    const { signal } = this.#stop;
    try {
      for (;;) {
        this.#runs.follow(this.#state.active.values());
        await this.#untilDue();
        const readAt = Date.now();
        const changed = await this.#readDue().catch((error: unknown) => {
          // the streams pause
          if (!isUnavailable(error)) throw error;
          return [];
        });
        if (changed.length > 0)
          this.changes.emit(
            'change',
            changed.map((active) => eventOf(active, readAt)),
          );
      }
    } catch (error) {
      if (!signal.aborted) this.error = error;
    }
    this.close();
    this.changes.emit('change', []);
  }

  /** Until the next read of visibility is due, or an environment is named. */
  async #untilDue(): Promise<void> {
    if (this.#waiting.size > 0) return;
    const done = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, done.signal]);
    try {
      await Promise.race([
        once(this.#touched, 'environment', { signal }),
        wait(Math.max(0, this.#dueAt - Date.now()), undefined, { signal }),
      ]);
    } finally {
      done.abort();
    }
  }

  #readDue(): Promise<ActiveEnvironment[]> {
    this.#stop.signal.throwIfAborted();
    if (Date.now() >= this.#dueAt) return this.#read();
    const names = [...this.#waiting];
    this.#waiting.clear();
    return this.#state.describe(names, true);
  }

  async #read(): Promise<ActiveEnvironment[]> {
    const startedAt = Date.now();
    try {
      return await this.#state.read();
    } finally {
      const { active } = this.#state;
      const isQuiet = active.size === 0;
      const everyMs = isQuiet ? quietMs : Math.max(activeMs.least, activeMs.perQuery * queriesFor(active));
      this.#dueAt = Math.max(startedAt + everyMs, Date.now() + pauseMs);
    }
  }
}
