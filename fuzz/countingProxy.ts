import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How long an event stream stays open: a client that reads whole answers would wait for ever. */
const streamMs = 200;
/** Larger than the API's limit, so that the API refuses what is too large. */
const maxHeaderSize = 256 * 1024;

export interface CountingProxy {
  url: string;
  /** answers by status */
  statuses: ReadonlyMap<number, number>;
  /** method, path and status of each answer above 499 */
  serverErrors: readonly string[];
  close: () => void;
}

/** A proxy on loopback that counts the answers of `target`, and ends its event streams. */
export async function startCountingProxy(target: string): Promise<CountingProxy> {
  const { hostname, port } = new URL(target);
  const statuses = new Map<number, number>();
  const serverErrors: string[] = [];

  function count(request: IncomingMessage, status: number): void {
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (status >= 500) serverErrors.push(`${request.method} ${request.url} ${status}`);
  }

  function answer(request: IncomingMessage, response: ServerResponse, received: IncomingMessage): void {
    count(request, received.statusCode!);
    response.writeHead(received.statusCode!, received.rawHeaders);
    received.pipe(response);
    if (!received.headers['content-type']?.startsWith('text/event-stream')) return;
    response.flushHeaders();
    setTimeout(() => {
      received.unpipe(response);
      received.destroy();
      response.end();
    }, streamMs);
  }

  const server = createServer({ maxHeaderSize, requireHostHeader: false }, (request, response) => {
    const { method, url, rawHeaders } = request;
    const forwarded = send({ hostname, port, method, path: url, headers: rawHeaders, setHost: false, maxHeaderSize });
    forwarded.on('response', (received) => answer(request, response, received));
    // The client sees the lost connection, and reports it.
    forwarded.on('error', () => response.destroy());
    request.pipe(forwarded);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    statuses,
    serverErrors,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
