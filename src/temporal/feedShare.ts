/** A source of events that several watchers share. */
export interface Feed {
  /** no further events come */
  ended: boolean;
  /** Reads the current state and begins to follow it. */
  open: () => Promise<void>;
  close: () => void;
}

interface Shared<F> {
  feed: F;
  opened: Promise<void>;
  watchers: number;
}

/**
 * Shares feeds by key among their watchers. `join` opens the feed for the first one, and throws what `open` throws. The last one to call
 * `leave`, or to abort its signal, closes it.
 */
export function createFeedShare<F extends Feed>(create: (key: string) => F) {
  const feeds = new Map<string, Shared<F>>();

  function enter(key: string): Shared<F> {
    const existing = feeds.get(key);
    if (existing && !existing.feed.ended) {
      existing.watchers += 1;
      return existing;
    }
    const feed = create(key);
    const shared = { feed, opened: feed.open(), watchers: 1 };
    feeds.set(key, shared);
    return shared;
  }

  /** Repeated calls have no effect. */
  function leaveOnce(key: string, shared: Shared<F>): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      shared.watchers -= 1;
      if (shared.watchers > 0) return;
      shared.feed.close();
      if (feeds.get(key) === shared) feeds.delete(key);
    };
  }

  return async function join(key: string, signal: AbortSignal): Promise<{ feed: F; leave: () => void }> {
    const shared = enter(key);
    const leave = leaveOnce(key, shared);
    try {
      await shared.opened;
    } catch (error) {
      leave();
      throw error;
    }
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    return { feed: shared.feed, leave };
  };
}

/** The items; `end` is called when they end or their reader stops reading. */
export async function* withEnd<T>(items: AsyncIterable<T>, end: () => void): AsyncGenerator<T> {
  try {
    yield* items;
  } finally {
    end();
  }
}
