import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

interface ReceivedRequest {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
}

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}

export const requestId = '0f8fad5b-d9cb-469f-a165-70867728950e';

/** A problem document as Moat sends it. */
export const problem = (status: number, code: string, detail: string, more: object = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/problem+json', 'x-request-id': requestId },
  body: {
    type: `urn:moat:problem:${code}`,
    title: code,
    status,
    detail,
    code,
    instance: `urn:uuid:${requestId}`,
    ...more,
  },
});

/** An environment of which only what a test needs is real. */
export const environment = (name: string, more: object = {}): object => ({
  name,
  state: 'ready',
  target: 'emulator',
  spec: null,
  owner: 'ana',
  createdAt: '2026-11-27T12:00:00Z',
  lease: { expiresAt: '2099-01-01T00:00:00Z', protected: false, reason: null, markedAt: null },
  run: null,
  failure: null,
  outputs: {},
  proof: null,
  receipt: null,
  costPerHour: null,
  actions: [],
  links: { temporal: null, portal: null, events: `/environments/${name}/events` },
  steps: [],
  ...more,
});

/** A server that answers as the test says: for `METHOD /path`, one answer after the other, the last one for ever. */
export async function startFakeMoat(answers: Record<string, Answer[]>) {
  const requests: ReceivedRequest[] = [];
  const answer = async (request: IncomingMessage, reply: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url!, 'http://moat');
    const body = await text(request);
    const { method = '', headers } = request;
    requests.push({ method, path: request.url!, headers, body: body === '' ? undefined : JSON.parse(body) });
    const list = answers[`${method} ${pathname}`] ?? [problem(404, 'NotFound', 'Not found.')];
    const { status = 200, headers: own, body: sent } = list.length > 1 ? list.shift()! : list[0]!;
    reply.writeHead(status, { 'content-type': 'application/json', 'x-request-id': requestId, ...own });
    reply.end(JSON.stringify(sent));
  };
  const server = createServer((request, reply) => void answer(request, reply)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(close);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, close };
}
