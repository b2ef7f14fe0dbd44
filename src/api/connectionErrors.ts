import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { problemDocument } from './problems.ts';
import { statusOf } from './problemKinds.ts';
import type { ApiProblemCode } from './problemKinds.ts';
import { securityHeaders } from './securityHeaders.ts';

/** Node's options of the server. A request must arrive completely within 30 s: the limit, and the interval in which it is checked. */
export const requestTimeout = 28_000;
export const serverOptions = {
  connectionsCheckingInterval: 2000,
  // Node swaps the two limits where that of the headers is the longer one; its default is 60 s.
  headersTimeout: requestTimeout,
  // Answered by the application instead, as a problem document.
  requireHostHeader: false,
};

const reasonPhrases: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  413: 'Content Too Large',
  431: 'Request Header Fields Too Large',
};

function refusalOf(code: string | undefined): [ApiProblemCode, string] {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return ['RequestTimeout', 'The request did not arrive completely within 30 seconds.'];
  if (code === 'HPE_HEADER_OVERFLOW') return ['HeadersTooLarge', 'The request line and headers exceed 16 KiB.'];
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return ['PayloadTooLarge', 'The chunk extensions exceed 16 KiB.'];
  if (code === 'HPE_INVALID_VERSION') return ['BadRequest', 'Only HTTP/1.0 and HTTP/1.1 are supported.'];
  if (code === 'HPE_INVALID_METHOD') return ['BadRequest', 'Unknown request method.'];
  return ['BadRequest', 'The request is not valid HTTP.'];
}

/** A whole answer as text, for connections on which no request could be parsed. */
function problemResponse(code: ApiProblemCode, detail: string): string {
  const status = statusOf[code];
  const id = randomUUID();
  const body = JSON.stringify(problemDocument(code, detail, id));
  return [
    `HTTP/1.1 ${status} ${reasonPhrases[status]}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${id}`,
    ...Object.entries(securityHeaders).map(([name, value]) => `${name}: ${value}`),
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}

const responses = new WeakMap<Socket, ServerResponse>();

/** Answers what Node's parser refuses as problem+json, and closes the connection. */
export function answerConnectionError(error: Error & { code?: string }, socket: Socket): void {
  const response = responses.get(socket);
  const started = response?.headersSent === true && !response.writableFinished;
  if (error.code === 'ECONNRESET' || !socket.writable || started) {
    socket.destroy();
    return;
  }
  socket.end(problemResponse(...refusalOf(error.code)), () => socket.destroy());
}

/** Answers valid requests that Node by default refuses with an empty answer or none. */
export function handleUnusualRequests(server: Server): void {
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => responses.set(socket, response));
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) =>
    server.emit('request', request, response),
  );
  server.on('connect', (_: IncomingMessage, socket: Socket) => {
    socket.end(problemResponse('BadRequest', 'CONNECT is not supported.'), () => socket.destroy());
  });
}
