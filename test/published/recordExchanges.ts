import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request to the emulator and its answer, as they were on the wire. */
export interface Exchange {
  method: string;
  path: string;
  /** the api-version that was sent */
  version: string;
  request: unknown;
  status: number;
  answer: unknown;
}

const channel = 'http.server.request.start';

const parsed = (text: string): unknown => (text === '' ? undefined : (JSON.parse(text) as unknown));

/**
 * Records what every server of this process is sent and answers, until `stop`. The emulator's own log has no answers, and
 * the SDKs' pipelines see models, not the wire.
 */
export function recordExchanges(): { exchanges: Exchange[]; stop(): void } {
  const exchanges: Exchange[] = [];
  const record = (message: unknown) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    const end = response.end.bind(response) as (text?: string) => ServerResponse;
    response.end = ((text?: string) => {
      const url = new URL(request.url ?? '/', 'https://localhost');
      exchanges.push({
        method: request.method ?? '',
        path: decodeURIComponent(url.pathname),
        version: url.searchParams.get('api-version') ?? '',
        request: parsed(Buffer.concat(chunks).toString('utf8')),
        status: response.statusCode,
        answer: parsed(text ?? ''),
      });
      return end(text);
    }) as ServerResponse['end'];
  };
  subscribe(channel, record);
  return { exchanges, stop: () => unsubscribe(channel, record) };
}
