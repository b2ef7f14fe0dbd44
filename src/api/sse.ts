import { fastifySSE } from '@fastify/sse';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EnvironmentEvent, ListEvent } from '../temporal/contracts.ts';
import { createStreamLimit } from './limits/streamLimit.ts';
import type { StreamLimit, StreamLimits } from './limits/streamLimit.ts';
import type { App } from './route.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** aborted when the server begins to close, so that open streams do not delay it */
    closing: AbortSignal;
    streamLimit: StreamLimit;
  }
}

/** Milliseconds. Many proxies close a silent connection after a minute. */
const heartbeatInterval = 15_000;

/** Milliseconds between two checks of a stream's caller. */
const callerInterval = 60_000;

/** Lets routes stream server-sent events, no more than the limits allow. */
export async function registerStreams(app: App, limits: StreamLimits): Promise<void> {
  const closing = new AbortController();
  app.decorate('closing', closing.signal);
  app.addHook('preClose', async () => closing.abort());
  app.decorate('streamLimit', createStreamLimit(limits));
  await app.register(fastifySSE, { heartbeatInterval });
}

/** The ID of the last event that a reconnecting client has received. */
export function lastEventIdOf({ headers }: FastifyRequest): string | undefined {
  const id = headers['last-event-id'];
  return Array.isArray(id) ? id[0] : id;
}

type OpenEvents = (signal: AbortSignal) => Promise<AsyncIterable<EnvironmentEvent | ListEvent> | undefined>;

/**
 * Sends the events of `open` until they end, the client disconnects, its credential expires or the server closes; 204 when `open` returns undefined.
 * Rethrows errors of `open`; an error of its events ends the stream, and the client may reconnect.
 * Throws TooManyRequests or Unavailable where too many streams are open.
 */
export async function streamEvents(request: FastifyRequest, reply: FastifyReply, open: OpenEvents): Promise<void> {
  const leave = request.server.streamLimit.enter(request.caller);
  try {
    await sendEvents(request, reply, open);
  } finally {
    leave();
  }
}

async function sendEvents(request: FastifyRequest, reply: FastifyReply, open: OpenEvents): Promise<void> {
  const ended = new AbortController();
  reply.raw.once('close', () => ended.abort());
  endWithCaller(request, ended);
  const signal = AbortSignal.any([ended.signal, request.server.closing]);
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

/** Ends the stream within a minute after its caller's key, token or session has expired or was revoked. */
function endWithCaller(request: FastifyRequest, ended: AbortController): void {
  const check = async (): Promise<void> => {
    if (!(await request.server.isStillCaller(request))) ended.abort();
  };
  const timer = setInterval(() => void check(), callerInterval).unref();
  ended.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}
