import { EventEmitter } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { ActiveEnvironment, ReadActive } from './activeEnvironments.ts';
import type { ListEvent } from './contracts.ts';
import { eventId } from './environmentReader.ts';
import type { Feed } from './feedShare.ts';
import { isUnavailable } from './unavailable.ts';

/** A cluster answers ten visibility calls a second. */
const readEveryMs = 1_000;
/** Visibility lags behind the workflows, and clocks differ: each read repeats this time. */
const overlapMs = 15_000;
/** Visibility is expected to have a change after this time: with an older last event, a reconnection needs a query of its own. */
const lagMs = 5_000;
/** Workflows that are ended from outside change no attribute: they are found by a query of their own. */
const lostEveryMs = 10_000;
/** A reconnection receives the changes of this time at most. */
const replayMs = 3_600_000;

const eventOf = ({ environment }: ActiveEnvironment, readAt: number): ListEvent => ({
  id: new Date(readAt).toISOString(),
  environment,
});

/** The changes of all environments, for all watchers of the list: one to three queries a second while there are watchers. */
export class ListFeed implements Feed {
  /** emits `change` with an array of `ListEvent`; then `ended` and `error` may have changed */
  readonly changes = new EventEmitter().setMaxListeners(0);
  ended = false;
  error: unknown;
  readonly #readActive: ReadActive;
  readonly #stop = new AbortController();
  #active: ReadonlyMap<string, ActiveEnvironment> | undefined;
  #readAt = Date.now();
  #lostAt = 0;
  #missed: { since: number; at: number; environments: ReturnType<ReadActive> } | undefined;

  constructor(readActive: ReadActive) {
    this.#readActive = readActive;
  }

  async open(): Promise<void> {
    await this.#read();
    void this.#readOn();
  }

  close(): void {
    this.ended = true;
    this.#stop.abort();
  }

  /** Environments with a run in progress, and those that have changed since `lastEventId` or in the last seconds. */
  async current(lastEventId: string | undefined): Promise<ListEvent[]> {
    const since = Date.parse(lastEventId ?? '');
    const missed = since < this.#readAt - lagMs ? await this.#readMissed(since) : [];
    return [...new Map([...missed, ...this.#active!]).values()].map((active) => eventOf(active, this.#readAt));
  }

  /** Watchers of a list have the same last event: when they all reconnect, they share one query. */
  #readMissed(since: number): ReturnType<ReadActive> {
    if (this.#missed?.since !== since || Date.now() - this.#missed.at > readEveryMs) {
      const from = Math.max(since, Date.now() - replayMs) - overlapMs;
      this.#missed = {
        since,
        at: Date.now(),
        environments: this.#readActive({ since: from, known: this.#active, lostSince: from }),
      };
    }
    return this.#missed.environments;
  }

  async #readOn(): Promise<void> {
    const { signal } = this.#stop;
    try {
      for (;;) {
        await wait(readEveryMs, undefined, { signal });
        const events = await this.#read().catch((error: unknown) => {
          // the streams pause
          if (!isUnavailable(error)) throw error;
          return [];
        });
        if (events.length > 0) this.changes.emit('change', events);
      }
    } catch (error) {
      if (!signal.aborted) this.error = error;
    }
    this.close();
    this.changes.emit('change', []);
  }

  /** Reads what is active; returns what has changed. */
  async #read(): Promise<ListEvent[]> {
    const readAt = Date.now();
    const known = this.#active;
    const since = this.#readAt - overlapMs;
    const isDue = readAt - this.#lostAt >= lostEveryMs;
    const active = await this.#readActive({
      since,
      known,
      ...(isDue && { lostSince: since - lostEveryMs }),
    });
    this.#readAt = readAt;
    if (isDue) this.#lostAt = readAt;
    this.#active = active;
    return [...active]
      .filter(([name, { environment }]) => {
        const other = known?.get(name);
        return !other || (other.environment !== environment && eventId(other.environment) !== eventId(environment));
      })
      .map(([, active]) => eventOf(active, readAt));
  }
}
