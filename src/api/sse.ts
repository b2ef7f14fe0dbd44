import { fastifySSE } from '@fastify/sse';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EnvironmentEvent, ListEvent } from '../temporal/contracts.ts';
import type { App } from './route.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** aborted when the server begins to close, so that open streams do not delay it */
    closing: AbortSignal;
  }
}

/** Milliseconds. Many proxies close a silent connection after a minute. */
const heartbeatInterval = 15_000;

/** Lets routes stream server-sent events. */
export async function registerStreams(app: App): Promise<void> {
  const closing = new AbortController();
  app.decorate('closing', closing.signal);
  app.addHook('preClose', async () => closing.abort());
  await app.register(fastifySSE, { heartbeatInterval });
}

/** The ID of the last event that a reconnecting client has received. */
export function lastEventIdOf({ headers }: FastifyRequest): string | undefined {
  const id = headers['last-event-id'];
  return Array.isArray(id) ? id[0] : id;
}

/**
 * Sends the events of `open` until they end, the client disconnects or the server closes; 204 when `open` returns undefined.
 * Rethrows errors of `open`; an error of its events ends the stream, and the client may reconnect.
 */
export async function streamEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  open: (signal: AbortSignal) => Promise<AsyncIterable<EnvironmentEvent | ListEvent> | undefined>,
): Promise<void> {
  const disconnected = new AbortController();
  reply.raw.once('close', () => disconnected.abort());
  const signal = AbortSignal.any([disconnected.signal, request.server.closing]);
  // A connection that closes while its buffer is full never emits `drain`.
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

  const events = await open(signal);
  if (!events) return void reply.code(204).send();
  // Sent now: a client that reconnects with the current state's ID gets no event until the next change.
  reply.sse.sendHeaders();
  reply.raw.flushHeaders();
  try {
    for await (const { id, environment } of events) {
      await Promise.race([reply.sse.send({ id, event: 'progress', data: environment }), aborted]);
      if (signal.aborted) return;
    }
  } catch (error) {
    if (!signal.aborted) request.log.error({ err: error }, 'event stream failed');
  }
}
