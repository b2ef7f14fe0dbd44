import { once } from 'node:events';
import type { Client } from '@temporalio/client';
import type { EnvironmentEvent } from './contracts.ts';
import { EnvironmentFeed } from './environmentFeed.ts';
import type { EnvironmentReader } from './environmentReader.ts';
import { hasRunInProgress } from './environmentView.ts';
import { createFeedShare, withEnd } from './feedShare.ts';

/** Each state of the feed after `lastEventId`; the newest one only, where several have passed meanwhile. */
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

/** Follows environments. All watchers of an environment share its feed. */
export function createWatch(client: Client, reader: EnvironmentReader) {
  const join = createFeedShare((name) => new EnvironmentFeed(client, reader, name));

  return async function watch(
    name: string,
    lastEventId: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<EnvironmentEvent> | undefined> {
    const { feed, leave } = await join(name, signal);
    if (lastEventId !== undefined && !hasRunInProgress(feed.latest!.environment)) {
      leave();
      return undefined;
    }
    return withEnd(eventsOf(feed, lastEventId, signal), leave);
  };
}
