interface StreamHandlers<T> {
  onOpen: () => void;
  onEvent: (data: T) => void;
  onLost: () => void;
}

const reconnectDelay = 2_000;
/** A hidden page keeps its streams for so long. A browser has six connections to a host for all its pages. */
const hiddenDelay = 30_000;

/**
 * Follows a stream of `progress` events. The browser reconnects by itself, with the last event's ID, except where the server refused: that is
 * repeated here when `endless`. An endless stream pauses while the page is hidden. Returns a function that ends the stream.
 */
export function openEventStream<T>(path: string, endless: boolean, handlers: StreamHandlers<T>): () => void {
  let source: EventSource | undefined;
  let timer: number | undefined;
  const open = (): void => {
    source = new EventSource(path);
    source.addEventListener('open', handlers.onOpen);
    source.addEventListener('progress', ({ data }: MessageEvent<string>) => handlers.onEvent(JSON.parse(data) as T));
    source.addEventListener('error', onError);
  };
  const onError = (): void => {
    handlers.onLost();
    if (endless && source?.readyState === EventSource.CLOSED) timer = window.setTimeout(open, reconnectDelay);
  };
  const close = (): void => {
    window.clearTimeout(timer);
    source?.close();
    source = undefined;
  };
  const onVisibility = (): void => {
    window.clearTimeout(timer);
    if (document.hidden) timer = window.setTimeout(close, hiddenDelay);
    else if (source === undefined || source.readyState === EventSource.CLOSED) open();
  };
  open();
  if (endless) document.addEventListener('visibilitychange', onVisibility);
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    close();
  };
}
