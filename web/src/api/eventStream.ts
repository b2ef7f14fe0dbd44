interface StreamHandlers<T> {
  onOpen: () => void;
  onEvent: (data: T) => void;
  onLost: () => void;
}

const reconnectDelay = 2_000;

/**
 * Follows a stream of `progress` events. The browser reconnects by itself, with the last event's ID, except where the server refused: that is
 * repeated here when `endless`. Returns a function that ends the stream.
 */
export function openEventStream<T>(path: string, endless: boolean, handlers: StreamHandlers<T>): () => void {
  let source: EventSource;
  let timer: number | undefined;
  const open = (): void => {
    source = new EventSource(path);
    source.addEventListener('open', handlers.onOpen);
    source.addEventListener('progress', ({ data }: MessageEvent<string>) => handlers.onEvent(JSON.parse(data) as T));
    source.addEventListener('error', () => {
      handlers.onLost();
      if (endless && source.readyState === EventSource.CLOSED) timer = window.setTimeout(open, reconnectDelay);
    });
  };
  open();
  return () => {
    window.clearTimeout(timer);
    source.close();
  };
}
