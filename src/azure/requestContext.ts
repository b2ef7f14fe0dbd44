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

/** On whose behalf requests are sent. */
export interface RequestContext {
  /** its cancellation */
  signal: AbortSignal;
  /** a GUID: Azure's activity log is searched for it */
  correlationId: string;
}

/** What the requests of one piece of work share, and what was answered to them last. */
export interface ExchangeScope {
  work?: RequestContext;
  last?: Exchange;
  /** the last answer to a PUT, PATCH, POST or DELETE */
  write?: Exchange;
}

const scopes = new AsyncLocalStorage<ExchangeScope>();

/** Sends every request of `send` on behalf of `work`. */
export const withRequestContext = <T>(work: RequestContext, send: () => Promise<T>): Promise<T> =>
  scopes.run({ work }, send);

/** Runs `work` and keeps what was answered to its requests in the scope that it is given. */
export function captureExchange<T>(work: (scope: ExchangeScope) => Promise<T>): Promise<T> {
  const outer = scopes.getStore();
  const scope: ExchangeScope = outer?.work ? { work: outer.work } : {};
  return scopes.run(scope, () => work(scope));
}

const reads = ['GET', 'HEAD'];
/** Shorter than an activity may take. */
const longestWriteMs = 75_000;

/** Requests carry the correlation id of the work that needs them, and reads its cancellation. */
export const correlationPolicy: PipelinePolicy = {
  name: 'behalf',
  sendRequest(request, next) {
    const work = scopes.getStore()?.work;
    if (!work) return next(request);
    request.headers.set('x-ms-correlation-request-id', work.correlationId);
    if (reads.includes(request.method)) request.abortSignal ??= work.signal;
    return next(request);
  },
};

/**
 * Keeps each exchange in the scope at work. A write of cancelled work is not sent, but one that is under way is not given up: Azure would
 * carry it out all the same, and nobody would know of what it made.
 */
export function capturePolicy(onAnswer: (exchange: Exchange) => void): PipelinePolicy {
  return {
    name: 'capture',
    async sendRequest(request, next) {
      const scope = scopes.getStore();
      const isRead = reads.includes(request.method);
      if (!isRead) scope?.work?.signal.throwIfAborted();
      const response = await (isRead ? next(request) : inTime(request, next));
      const exchange: Exchange = {
        method: request.method,
        url: request.url,
        status: response.status,
        headers: response.headers.toJSON(),
        body: parsed(response.bodyAsText),
      };
      onAnswer(exchange);
      if (scope) {
        scope.last = exchange;
        if (!isRead) scope.write = exchange;
      }
      return response;
    },
  };
}

/** Nothing else gives up a write that is never answered: its activity would keep a slot for good. */
async function inTime(request: PipelineRequest, next: SendRequest): Promise<PipelineResponse> {
  const limit = AbortSignal.timeout(longestWriteMs);
  request.abortSignal = limit;
  try {
    return await next(request);
  } catch (error) {
    if (!limit.aborted) throw error;
    throw Object.assign(new Error(`no answer within ${longestWriteMs / 1000} s`), { code: 'ETIMEDOUT' });
  }
}

function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
