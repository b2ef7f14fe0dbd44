import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Call, Reply } from './call.ts';
import { ArmError } from '../arm/model.ts';

/** ARM's replies must be neither cached nor sniffed. */
const everywhere = {
  'cache-control': 'no-cache',
  pragma: 'no-cache',
  expires: '-1',
  'x-content-type-options': 'nosniff',
};

/** Sends a reply with the headers that ARM adds to every reply. */
export function sendReply(response: ServerResponse, call: Call, { status, headers = {}, body, text }: Reply): void {
  response.statusCode = status;
  response.setHeader('x-ms-request-id', randomUUID());
  response.setHeader('x-ms-correlation-request-id', call.correlationId);
  for (const [name, value] of Object.entries(everywhere)) response.setHeader(name, value);
  const clientRequestId = call.headers['x-ms-client-request-id'];
  if (clientRequestId !== undefined) response.setHeader('x-ms-client-request-id', clientRequestId);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (body === undefined) {
    response.end(text);
    return;
  }
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(body));
}

/** Parses everything of a request but its body. */
export function parseCall(request: IncomingMessage): Call {
  const origin = `https://${request.headers.host ?? ''}`;
  const [rawPath = '/', search = ''] = (request.url ?? '/').split(/\?(.*)/s);
  const query = Object.fromEntries(
    [...new URLSearchParams(search)].map(([name, value]) => [
      name.toLowerCase() === 'api-version' ? 'api-version' : name,
      value,
    ]),
  );
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  return {
    method: request.method ?? 'GET',
    path: `/${rawPath.split('/').filter(Boolean).map(decoded).join('/')}`,
    query,
    headers,
    body: {},
    origin,
    correlationId: headers['x-ms-correlation-request-id'] ?? randomUUID(),
    principal: { appId: '', objectId: '' },
  };
}

/** A decoded path segment; one that is not validly encoded is returned unchanged. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

const mebibyte = 1024 * 1024;
/** ARM's own limit of a request body in bytes. */
const maxBodyBytes = 4 * mebibyte;
/** The limit for a whole state, which the control route takes. */
const maxStateBytes = 256 * mebibyte;

/** The body as text. Throws 413 as soon as it is longer than allowed; the rest of it is then read and discarded. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const limit = request.url === '/_emulator/state' ? maxStateBytes : maxBodyBytes;
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else {
        chunks.length = 0;
        reject(
          new ArmError(
            413,
            'RequestContentTooLarge',
            `The request content size exceeds the maximum size of ${limit / mebibyte} MB.`,
          ),
        );
      }
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.on('close', () => reject(new ArmError(400, 'BadRequest', 'The client closed the connection.')));
  });
}

/** The host of an origin without port and brackets; empty for an invalid origin. */
export function hostOf(origin: string): string {
  try {
    return new URL(origin).hostname.replace(/^\[|\]$/g, '');
  } catch {
    return '';
  }
}
