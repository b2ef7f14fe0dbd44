import { once } from 'node:events';
import type { EventEmitter } from 'node:events';
import type { ActiveReader } from './activeEnvironments.ts';
import type { ListEvent } from './contracts.ts';
import { createFeedShare, withEnd } from './feedShare.ts';
import { ListFeed } from './listFeed.ts';

/** The events of the feed. A slow reader gets the newest state of each environment. */
async function* eventsOf(
  feed: ListFeed,
  pending: Map<string, ListEvent>,
  signal: AbortSignal,
): AsyncGenerator<ListEvent> {
  while (!signal.aborted) {
    for (const [name, event] of pending) {
      pending.delete(name);
      yield event;
    }
    if (feed.error !== undefined) throw feed.error;
    if (feed.ended) return;
    if (pending.size === 0) await once(feed.changes, 'change', { signal }).catch(() => undefined); // rejects when the watcher disconnects
  }
}

/** Follows the list of environments. All watchers share its feed. `touched` emits `environment` with the name of one that has changed. */
export function createListWatch(reader: ActiveReader, touched: EventEmitter) {
  const join = createFeedShare(() => new ListFeed(reader, touched));

  return async function watchAll(
    lastEventId: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<ListEvent>> {
    const { feed, leave } = await join('', signal);
    const pending = new Map<string, ListEvent>();
    const collect = (events: ListEvent[]): void => {
      for (const event of events) pending.set(event.environment.name, event);
    };
    feed.changes.on('change', collect);
    const end = (): void => {
      feed.changes.off('change', collect);
      leave();
    };
    signal.addEventListener('abort', end, { once: true });
    try {
      for (const event of await feed.current(lastEventId))
        if (!pending.has(event.environment.name)) pending.set(event.environment.name, event);
    } catch (error) {
      end();
      throw error;
    }
    return withEnd(eventsOf(feed, pending, signal), end);
  };
}
