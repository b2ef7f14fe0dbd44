import { AsyncLocalStorage } from 'node:async_hooks';
import type { PipelinePolicy, PipelineRequest, PipelineResponse, SendRequest } from '@azure/core-rest-pipeline';

/** One answered request, as the SDKs' pollers do not show it: headers, status document, identifiers for support. */
export interface Exchange {
  method: string;
  url: string;
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/** Cancellation and correlation id of one activity's requests. */
export interface RequestContext {
  /** aborted when the activity is cancelled: nothing more is sent, and reads in flight end */
  signal: AbortSignal;
  /**
   * Aborted before Temporal starts the activity's next attempt: it also ends a write in flight, so that no attempt writes beside its
   * successor. Absent: writes end after 75 s.
   */
  deadline?: AbortSignal;
  /** a GUID, by which Azure's activity log can be filtered */
  correlationId: string;
}

/** The context of requests, and the last answers to them. */
export interface ExchangeScope {
  context?: RequestContext;
  last?: Exchange;
  /** the last answer to a PUT, PATCH, POST or DELETE */
  write?: Exchange;
}

const scopes = new AsyncLocalStorage<ExchangeScope>();

/** Sends every request of `send` in a context. */
export const withRequestContext = <T>(context: RequestContext, send: () => Promise<T>): Promise<T> =>
  scopes.run({ context }, send);

/** Runs `work` with a scope that records the answers to its requests. */
export function captureExchange<T>(work: (scope: ExchangeScope) => Promise<T>): Promise<T> {
  const outer = scopes.getStore();
  const scope: ExchangeScope = outer?.context ? { context: outer.context } : {};
  return scopes.run(scope, () => work(scope));
}

const errorBodies = new WeakMap<object, unknown>();

/** The body of the error answer to a request. The SDKs' errors have a part of it at most: the network package's only code and message. */
export const errorBodyOf = (request: object): unknown => errorBodies.get(request);

const reads = ['GET', 'HEAD'];
const longestWriteMs = 75_000;

/** Sets the correlation id and the cancellation of the context on every request. */
export const correlationPolicy: PipelinePolicy = {
  name: 'correlation',
  sendRequest(request, next) {
    const context = scopes.getStore()?.context;
    if (!context) return next(request);
    request.headers.set('x-ms-correlation-request-id', context.correlationId);
    request.abortSignal ??= context.signal;
    return next(request);
  },
};

/**
 * Records each exchange in the current scope. A cancelled activity sends no further write, but awaits a write that was sent, up to its
 * deadline: Azure executes it in any case, and its result would be lost.
 */
export function capturePolicy(onAnswer: (exchange: Exchange) => void): PipelinePolicy {
  return {
    name: 'capture',
    async sendRequest(request, next) {
      const scope = scopes.getStore();
      const isRead = reads.includes(request.method);
      if (!isRead) scope?.context?.signal.throwIfAborted();
      const response = await (isRead ? next(request) : sendWrite(request, next, scope?.context?.deadline));
      const exchange: Exchange = {
        method: request.method,
        url: request.url,
        status: response.status,
        headers: response.headers.toJSON(),
        // the SDK has parsed it too, and few exchanges are asked for it
        get body() {
          return parseJson(response.bodyAsText);
        },
      };
      if (response.status >= 400) errorBodies.set(response.request, exchange.body);
      onAnswer(exchange);
      if (scope) {
        scope.last = exchange;
        if (!isRead) scope.write = exchange;
      }
      return response;
    },
  };
}

/** Limits the time of a write: one without an answer would hold its activity slot forever. */
async function sendWrite(
  request: PipelineRequest,
  next: SendRequest,
  deadline: AbortSignal = AbortSignal.timeout(longestWriteMs),
): Promise<PipelineResponse> {
  request.abortSignal = deadline;
  try {
    return await next(request);
  } catch (error) {
    if (!deadline.aborted) throw error;
    throw Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });
  }
}

function parseJson(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
