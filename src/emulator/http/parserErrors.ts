import type { Duplex } from 'node:stream';

/** Status and code by Node's parser error; everything else is a bad request. */
const refusals: Record<string, [status: string, code: string]> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'RequestHeadersTooLarge'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'RequestTimeout'],
};

/** Answers what is no HTTP request, or is too slow or too large to become one, in ARM's error shape. */
export function replyToParserError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, code] = refusals[error.code ?? ''] ?? ['400 Bad Request', 'BadRequest'];
  const body = JSON.stringify({ error: { code, message: `The request was refused: ${error.message}.` } });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
