import { fastifySSE } from '@fastify/sse';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EnvironmentEvent } from '../temporal/contracts.ts';
import type { App } from './route.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** aborted when the server begins to close, so that open streams do not hold it up */
    closing: AbortSignal;
  }
}

/** Proxies cut connections that are silent, many of them after a minute. */
const heartbeatInterval = 15_000;

/** Lets routes stream server-sent events. */
export async function registerStreams(app: App): Promise<void> {
  const closing = new AbortController();
  app.decorate('closing', closing.signal);
  app.addHook('preClose', async () => closing.abort());
  await app.register(fastifySSE, { heartbeatInterval });
}

/**
 * Sends what `open` gives as events until it ends, the caller goes away or the server closes; 204 when `open` gives undefined.
 * What `open` throws is thrown; what its events throw ends the stream, and the caller may reconnect.
 */
export async function streamEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  open: (signal: AbortSignal) => Promise<AsyncIterable<EnvironmentEvent> | undefined>,
): Promise<void> {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, request.server.closing]);
  // A caller who goes away while the connection is full is never told of as writable again.
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

  const events = await open(signal);
  if (!events) return void reply.code(204).send();
  // At once: who comes back with the current state's id hears of nothing until it changes, but is connected.
  reply.sse.sendHeaders();
  reply.raw.flushHeaders();
  try {
    for await (const { id, environment } of events) {
      await Promise.race([reply.sse.send({ id, event: 'progress', data: environment }), aborted]);
      if (signal.aborted) return;
    }
  } catch (error) {
    if (!signal.aborted) request.log.error({ err: error }, 'event stream broke off');
  }
}
