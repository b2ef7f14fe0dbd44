import { once } from 'node:events';
import type { Client } from '@temporalio/client';
import type { EnvironmentEvent } from './contracts.ts';
import { EnvironmentFeed } from './environmentFeed.ts';
import type { EnvironmentReader } from './environmentReader.ts';
import { hasRunInProgress } from './environmentView.ts';

interface SharedFeed {
  feed: EnvironmentFeed;
  opened: Promise<void>;
  watchers: number;
}

/** Each state of the feed after `lastEventId`, the newest one only where several have passed meanwhile. */
async function* eventsOf(
  feed: EnvironmentFeed,
  lastEventId: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<EnvironmentEvent> {
  for (let last = lastEventId; !signal.aborted;) {
    const { latest, ended, error } = feed;
    if (latest && latest.id !== last) {
      last = latest.id;
      yield latest;
    } else {
      if (error !== undefined) throw error;
      if (ended) return;
      await once(feed.changes, 'change', { signal }).catch(() => undefined); // rejects when the watcher disconnects
    }
  }
}

/** Follows environments. All watchers of an environment share its feed; the last one to leave closes it. */
export function createWatch(client: Client, reader: EnvironmentReader) {
  const feeds = new Map<string, SharedFeed>();

  function enter(name: string): SharedFeed {
    const existing = feeds.get(name);
    if (existing && !existing.feed.ended) {
      existing.watchers += 1;
      return existing;
    }
    const feed = new EnvironmentFeed(client, reader, name);
    const shared = { feed, opened: feed.open(), watchers: 1 };
    feeds.set(name, shared);
    return shared;
  }

  /** Returns what ends the stay of one watcher; repeated calls have no effect. */
  function leaveOnce(name: string, shared: SharedFeed): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      shared.watchers -= 1;
      if (shared.watchers > 0) return;
      shared.feed.close();
      if (feeds.get(name) === shared) feeds.delete(name);
    };
  }

  return async function watch(
    name: string,
    lastEventId: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<EnvironmentEvent> | undefined> {
    const shared = enter(name);
    const leave = leaveOnce(name, shared);
    try {
      await shared.opened;
    } catch (error) {
      leave();
      throw error;
    }
    if (lastEventId !== undefined && !hasRunInProgress(shared.feed.latest!.environment)) {
      leave();
      return undefined;
    }
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    return withEnd(eventsOf(shared.feed, lastEventId, signal), leave);
  };
}

async function* withEnd<T>(items: AsyncIterable<T>, end: () => void): AsyncGenerator<T> {
  try {
    yield* items;
  } finally {
    end();
  }
}
