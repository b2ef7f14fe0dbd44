import type { Environment } from '../../domain/environment.ts';

/** Parses the environments on a server-sent event stream. Ends with the stream. */
async function* parseEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<Environment> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const data = event
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice('data:'.length));
      if (data.length > 0) yield JSON.parse(data.join('\n')) as Environment;
    }
  }
}

/** Connects to an environment's event stream: its current state first, then each change. Throws when the API is unavailable or the connection breaks. */
export async function* environmentEvents(url: string, signal: AbortSignal): AsyncGenerator<Environment> {
  const response = await fetch(url, { headers: { accept: 'text/event-stream' }, signal });
  if (!response.ok || !response.body) throw new Error(`GET ${url}: ${response.status}`);
  yield* parseEvents(response.body);
}
